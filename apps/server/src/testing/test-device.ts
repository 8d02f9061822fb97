import { secureId, systemClock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import { type ConversationId, clientId, seq, userId } from '@tidings/api/ids';
import { createEngine } from '@tidings/client/engine';
import type { Engine, EngineState } from '@tidings/client/engine-port';
import type { LocalConversation, LocalEntry } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import { type NodeSession, newDeviceId, nodeTransport } from '@tidings/client/node';

export type Account = { readonly username: string; readonly password: string };

/** A whole client engine over a real socket, and what it knows. */
export class TestDevice {
  readonly account: Account;
  readonly session: NodeSession;
  readonly deviceId = newDeviceId();
  readonly store = new MemoryStore();
  readonly engine: Engine;
  state: EngineState | null = null;
  #changed: (() => void)[] = [];

  /** `urls`: where to connect, the first of those that take it. */
  constructor(urls: () => readonly string[], session: NodeSession, account: Account) {
    this.session = session;
    this.account = account;
    this.engine = createEngine({
      self: { userId: userId(session.userId), deviceId: this.deviceId },
      store: this.store,
      transport: {
        connect: async (listener) => {
          for (const url of urls()) {
            const line = nodeTransport(url, session.cookie, this.deviceId).connect(listener);
            const connected = await line.catch((error: unknown) => {
              if (error instanceof TidingsError && error.retry === 'never') throw error;
              return null;
            });
            if (connected) return connected;
          }
          throw new TidingsError('unavailable', 'no handler takes it');
        },
      },
      clock: systemClock,
      random: Math.random,
      makeId: secureId,
    });
    this.store.observe(() => this.#tell());
    this.engine.observe((state) => {
      this.state = state;
      this.#tell();
    });
  }

  get user() {
    return userId(this.session.userId);
  }

  /** Resolves when the condition holds; it is asked after each change of what the device knows. */
  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    for (;;) {
      const changed = new Promise<void>((resolve) => this.#changed.push(resolve));
      if (await condition()) return;
      await changed;
    }
  }

  live(): Promise<void> {
    return this.until(() => this.state?.connection.type === 'live');
  }

  async open(other: TestDevice): Promise<ConversationId> {
    const head = await this.engine.api.conversation.open.mutate({ userId: other.user });
    return head.conversationId;
  }

  async group(...members: readonly TestDevice[]): Promise<ConversationId> {
    const { conversationId } = await this.engine.api.group.create.mutate({
      clientId: clientId(secureId()),
      name: 'Group',
      members: members.map(({ user }) => user),
    });
    return conversationId;
  }

  async say(conversation: ConversationId, text: string): Promise<void> {
    await this.engine.send(conversation, { type: 'text', text });
  }

  /** The texts of the messages that it shows, in order. */
  async texts(conversation: ConversationId): Promise<readonly string[]> {
    const entries = await this.#entries(conversation);
    return entries
      .filter(({ kind, visible }) => kind === 'message' && visible === 1)
      .map(({ content }) => (JSON.parse(content) as { text: string }).text);
  }

  /** Resolves when it shows this text. */
  hears(conversation: ConversationId, text: string): Promise<void> {
    return this.until(async () => (await this.texts(conversation)).includes(text));
  }

  conversation(id: ConversationId): Promise<LocalConversation | null> {
    return this.store.conversation(id);
  }

  #entries(conversation: ConversationId): Promise<readonly LocalEntry[]> {
    return this.store.entries(conversation, seq(1), seq(2 ** 40), 'oldest', 100_000);
  }

  #tell(): void {
    for (const resolve of this.#changed.splice(0)) resolve();
  }
}
