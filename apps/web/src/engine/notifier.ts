import { type MessageContent, parseContent } from '@tidings/api/content';
import type { ConversationId, UserId } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { isMuted } from './chats';

export type Notice = {
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly body: string;
};

/** Where notices are shown: one per chat at a time, the newest. */
export interface NoticeBoard {
  show(notice: Notice): void;
  take(conversation: ConversationId): void;
}

export type NotifierParts = {
  readonly self: UserId;
  readonly board: NoticeBoard;
  readonly nameOf: (user: UserId) => Promise<string>;
  /** True when this tab is the one to tell and nobody has any tab before their eyes. */
  readonly wanted: () => boolean;
  /** For a message that isn't words alone. */
  readonly wordsFor: (content: MessageContent) => Promise<string>;
  readonly now: () => number;
};

const bodyLength = 160;

/** Tells of messages that come while nobody looks. What was there at the first look is old. */
export class Notifier {
  readonly #parts: NotifierParts;
  #known: ReadonlyMap<ConversationId, LocalConversation> | null = null;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
  }

  /** To be called with the whole list of chats whenever it changed. */
  chatsChanged(chats: readonly LocalConversation[]): void {
    const before = this.#known;
    this.#known = new Map(chats.map((chat) => [chat.conversationId, chat]));
    if (!before) return;
    for (const chat of chats) {
      const known = before.get(chat.conversationId);
      if (known === chat) continue;
      if (chat.unread === 0) this.#parts.board.take(chat.conversationId);
      else if (this.#isNews(known, chat)) void this.#tell(chat);
    }
  }

  #isNews(before: LocalConversation | undefined, chat: LocalConversation): boolean {
    const { self, wanted, now } = this.#parts;
    const line = chat.last;
    if (line?.kind !== 'message' || line.sender === self || line.deleted) return false;
    if (line.seq <= (before?.last?.seq ?? 0) || line.seq <= chat.read) return false;
    return !chat.archived && !isMuted(chat, now()) && wanted();
  }

  async #tell(chat: LocalConversation): Promise<void> {
    const { board, nameOf, wordsFor } = this.#parts;
    const line = chat.last;
    if (!line) return;
    const content = parseContent(line.content);
    const text = shortened(content.type === 'text' ? content.text : await wordsFor(content));
    const sender = await nameOf(line.sender);
    const title = chat.group?.name ?? sender;
    board.show({
      conversationId: chat.conversationId,
      title,
      body: chat.group ? `${sender}: ${text}` : text,
    });
  }
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= bodyLength ? line : `${[...line].slice(0, bodyLength - 1).join('')}…`;
}
