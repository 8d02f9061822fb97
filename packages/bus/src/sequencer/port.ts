import type { ConversationId, Seq } from '@tidings/api/ids';

/**
 * Suggests the next positions of a conversation. Only a hint: what it suggests may be taken (its memory was lost or is old),
 * and the store's write-once cells decide.
 */
export interface Sequencer {
  /** The first of `count` consecutive positions never suggested before as far as it remembers; `null` when it knows nothing of the conversation: then `seed` it. */
  next(conversation: ConversationId, count: number): Promise<Seq | null>;
  /** Makes the next suggestion at least `head + 1`. Never lowers. */
  seed(conversation: ConversationId, head: Seq): Promise<void>;
}
