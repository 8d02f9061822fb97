import type { ConversationId } from '@tidings/api/ids';
import type { Database } from 'better-sqlite3';

/** A conversation as the other tables know it: its number, and up to where its cells were dropped. */
export type NumberedConversation = { readonly id: number; readonly droppedTo: number };

export interface ConversationNumbers {
  /** `null` when nothing was ever written to it. */
  find(conversation: ConversationId): NumberedConversation | null;
  make(conversation: ConversationId): NumberedConversation;
  /** What is remembered may not be so any more: a transaction was undone, or a row changed. */
  forget(): void;
}

const maxRemembered = 200_000;

export function conversationNumbers(db: Database): ConversationNumbers {
  const known = new Map<ConversationId, NumberedConversation>();
  const select = db.prepare<[string], NumberedConversation>(
    'SELECT id, dropped_to AS droppedTo FROM conversation WHERE name = ?',
  );
  const insert = db.prepare<[string]>('INSERT INTO conversation (name) VALUES (?)');

  const remember = (name: ConversationId, conversation: NumberedConversation): NumberedConversation => {
    if (known.size >= maxRemembered) known.clear();
    known.set(name, conversation);
    return conversation;
  };
  const find = (name: ConversationId): NumberedConversation | null => {
    const remembered = known.get(name);
    if (remembered) return remembered;
    const row = select.get(name);
    return row ? remember(name, row) : null;
  };
  return {
    find,
    make: (name) =>
      find(name) ?? remember(name, { id: Number(insert.run(name).lastInsertRowid), droppedTo: 0 }),
    forget: () => known.clear(),
  };
}
