import type { ConversationId } from '@tidings/api/ids';
import type { MessagesView, MessageWindow } from './message-window';

/** A window that no view has taken by then isn't wanted any more. */
const keptMs = 30_000;

/** Windows that are read before their view is there, which then shows messages in its first rendering. */
export class WindowsAhead {
  readonly #make: (conversation: ConversationId) => MessageWindow;
  readonly #windows = new Map<ConversationId, { readonly window: MessageWindow; end(): void }>();

  constructor(make: (conversation: ConversationId) => MessageWindow) {
    this.#make = make;
  }

  /** Resolves when the messages have been read. */
  prepare(conversation: ConversationId): Promise<MessagesView> {
    const window = this.#make(conversation);
    const end = window.open();
    const timer = setTimeout(() => {
      this.#windows.delete(conversation);
      end();
    }, keptMs);
    this.#windows.set(conversation, { window, end: () => clearTimeout(timer) });
    return new Promise((resolve) => {
      const stop = window.subscribe(() => {
        if (!window.get().ready) return;
        stop();
        resolve(window.get());
      });
    });
  }

  /** For rendering, which may happen more than once before the view is there. */
  look(conversation: ConversationId): MessageWindow | undefined {
    return this.#windows.get(conversation)?.window;
  }

  /** The view has opened the window itself, and ends it. */
  taken(conversation: ConversationId): void {
    this.#windows.get(conversation)?.end();
    this.#windows.delete(conversation);
  }
}
