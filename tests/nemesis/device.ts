import { secureId, systemClock } from '@tidings/api/clock';
import type { ClientId, ConversationId } from '@tidings/api/ids';
import type { Outgoing, SendResult } from '@tidings/api/message';
import { type ApiCall, apiOver, callOn } from '@tidings/client/api-over';
import { createEngine } from '@tidings/client/engine';
import type { Engine } from '@tidings/client/engine-port';
import type { LocalChange } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import { type NodeSession, newDeviceId, nodeTransport } from '@tidings/client/node';
import type { Line, Transport } from '@tidings/client/transport';
import type { Acknowledgement, MarkSeen, Send } from '../invariants/history.ts';

/** A device at the real server: a whole engine over a real socket, and a record of what it did and was told. */
export class NemesisDevice implements AsyncDisposable {
  readonly session: NodeSession;
  readonly device = newDeviceId();
  readonly store = new MemoryStore();
  readonly engine: Engine;
  readonly acknowledgements: Acknowledgement[] = [];
  readonly marks: MarkSeen[] = [];
  readonly #sends = new Map<ClientId, Send>();
  readonly #acknowledged: () => void;
  #changed: (() => void)[] = [];

  /** `acknowledged` hears of each answer that brought one, at once. */
  constructor(url: string, session: NodeSession, acknowledged: () => void) {
    this.session = session;
    this.#acknowledged = acknowledged;
    this.store.observe((changes) => this.#stored(changes));
    this.engine = createEngine({
      self: { userId: this.user, deviceId: this.device },
      store: this.store,
      transport: this.#listening(nodeTransport(url, session.cookie, this.device)),
      clock: systemClock,
      random: Math.random,
      makeId: secureId,
    });
  }

  get user(): Send['user'] {
    return this.session.userId as Send['user'];
  }

  get sends(): readonly Send[] {
    return [...this.#sends.values()];
  }

  /** Resolves when the store is so. It is asked after each change of the store: also after one that comes while it is being asked. */
  async until(condition: (store: MemoryStore) => Promise<boolean>): Promise<void> {
    for (;;) {
      const changed = new Promise<void>((resolve) => this.#changed.push(resolve));
      if (await condition(this.store)) return;
      await changed;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.stop();
    this.#tellChanged();
  }

  #stored(changes: readonly LocalChange[]): void {
    for (const change of changes) {
      if (change.type === 'put-outbox') {
        const { clientId, conversationId, kind, content } = change.item;
        const send = { user: this.user, device: this.device, clientId, conversationId, kind, content };
        if (!this.#sends.has(clientId)) this.#sends.set(clientId, send);
      }
      if (change.type === 'put-conversation') {
        const { conversationId, delivered, read } = change.conversation;
        this.marks.push({ where: this.device, conversationId, user: this.user, delivered, read });
      }
    }
    this.#tellChanged();
  }

  #tellChanged(): void {
    for (const resolve of this.#changed.splice(0)) resolve();
  }

  #listening(transport: Transport): Transport {
    return {
      connect: async (listener) => {
        const line = await transport.connect(listener);
        const api = apiOver((call) => this.#call(line, call));
        return { api, check: () => line.check(), close: () => line.close() };
      },
    };
  }

  async #call(line: Line, call: ApiCall): Promise<unknown> {
    const answer = await callOn(line.api, call);
    if (call.path === 'message.send')
      this.#answered(call.input as { messages: readonly Outgoing[] }, answer as SendResult[]);
    return answer;
  }

  #answered({ messages }: { readonly messages: readonly Outgoing[] }, results: readonly SendResult[]): void {
    const known = this.acknowledgements.length;
    const conversationOf = new Map<ClientId, ConversationId>(
      messages.map(({ clientId, conversationId }) => [clientId, conversationId]),
    );
    for (const result of results) {
      const conversationId = conversationOf.get(result.clientId);
      if (!('seq' in result) || !conversationId) continue;
      const { clientId, seq } = result;
      this.acknowledgements.push({ user: this.user, device: this.device, clientId, conversationId, seq });
    }
    if (this.acknowledgements.length > known) this.#acknowledged();
  }
}
