import type { LocalConversation } from '@tidings/client/local-store';
import type { MessageRow } from '../../engine/message-rows';

/** How far an own message got (MARK4). */
export type Tick = 'sending' | 'failed' | 'sent' | 'delivered' | 'read';

/**
 * Of an own message; an edit that waits or failed counts as the message itself, since what is shown isn't what others see.
 */
export function tickOf(
  row: MessageRow,
  others: Pick<LocalConversation, 'othersDelivered' | 'othersRead'>,
): Tick {
  const waiting = row.type === 'outbox' ? row.item : row.waiting?.kind === 'edit' ? row.waiting : null;
  if (waiting && waiting.state.type !== 'sent') return waiting.state.type === 'failed' ? 'failed' : 'sending';
  const seq = row.type === 'entry' ? row.seq : waiting?.state.type === 'sent' ? waiting.state.seq : null;
  if (seq === null) return 'sending';
  if (others.othersRead >= seq) return 'read';
  return others.othersDelivered >= seq ? 'delivered' : 'sent';
}
