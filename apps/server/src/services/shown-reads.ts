import { type ConversationId, usersNamedBy } from '@tidings/api/ids';
import type { Profiles } from './parts.ts';

/** MARK5: in a direct conversation neither side learns what the other read when either has turned receipts off. */
export async function readsAreShown(profiles: Profiles, direct: ConversationId): Promise<boolean> {
  const records = await profiles.of(usersNamedBy(direct));
  return records.every((record) => record?.readReceipts !== false);
}
