import { secureId } from '@tidings/api/clock';
import { userId } from '@tidings/api/ids';
import type { InviteDirectory } from '@tidings/db/directory/port';

const validMs = 7 * 24 * 3_600_000;

export type FirstInvitationParts = {
  readonly client: { readonly user: { count(): Promise<number> } };
  readonly invites: InviteDirectory;
};

/** Where sign-up needs an invitation and nobody is there yet who could give one: a code for whoever runs the server. */
export async function firstInvitation(
  { client, invites }: FirstInvitationParts,
  now: number,
): Promise<string | null> {
  if ((await client.user.count()) > 0) return null;
  const code = secureId();
  await invites.create({
    code,
    createdBy: userId('the-server'),
    createdAt: now,
    expiresAt: now + validMs,
    maxUses: 1,
    uses: 0,
  });
  return code;
}
