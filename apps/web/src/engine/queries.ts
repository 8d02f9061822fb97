import type { ConversationId } from '@tidings/api/ids';
import type { LocalConversation, OutboxItem } from '@tidings/client/local-store';
import type { LocalReads } from './device-store';
import { share, shareRows } from './sharing';

/** What is read live. Whoever gives the same key means the same read. */
export type Query<T> = {
  readonly key: string;
  read(reads: LocalReads): Promise<T>;
  /** Makes the new value from as much of the old as is equal. */
  keep(before: T | undefined, now: T): T;
};

export const allChats: Query<readonly LocalConversation[]> = {
  key: 'conversations',
  read: (reads) => reads.conversations(),
  keep: (before, now) => shareRows(before, now, (row) => row.conversationId),
};

export const oneChat = (id: ConversationId): Query<LocalConversation | null> => ({
  key: `conversation ${id}`,
  read: (reads) => reads.conversation(id),
  keep: share,
});

export const wholeOutbox: Query<readonly OutboxItem[]> = {
  key: 'outbox',
  read: (reads) => reads.outbox(),
  keep: share,
};
