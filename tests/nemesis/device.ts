import { secureId, systemClock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { ClientId, ConversationId, DeviceId, Timestamp, UserId } from '@tidings/api/ids';
import type { Outgoing, SendResult } from '@tidings/api/message';
import { type ApiCall, apiOver, callOn } from '@tidings/client/api-over';
import { createEngine } from '@tidings/client/engine';
import type { Engine } from '@tidings/client/engine-port';
import type { LocalChange } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import { type NodeSession, newDeviceId } from '@tidings/client/node';
import type { Line, Transport } from '@tidings/client/transport';
import type { Acknowledgement, MarkSeen, Send } from '../invariants/history.ts';

export type DeviceOptions = {
  readonly session: NodeSession;
  readonly transport: (device: DeviceId) => Transport;
  /** Hears of each answer that brought an acknowledgement, at once. */
  readonly acknowledged?: () => void;
};

/** A device at the real server: a whole engine over a real socket, and a record of what it did and was told. */
export class NemesisDevice implements AsyncDisposable {
  readonly session: NodeSession;
  readonly device = newDeviceId();
  readonly store = new MemoryStore();
  readonly engine: Engine;
  readonly acknowledgements: Acknowledgement[] = [];
  readonly marks: MarkSeen[] = [];
  /** What calls were answered with instead of a result, by the error's code, and by its words when it has none. */
  readonly failures = new Map<string, number>();
  /** When something was last stored, by this machine's clock. */
  storedAt = 0;
  /** When answers brought acknowledgements, by this machine's clock. */
  readonly answeredAt: number[] = [];
  /** When the newest send that was acknowledged was written, by this machine's clock. */
  acknowledgedUpTo = 0;
  /** When the newest entry of each other person was accepted, by the server's clock. */
  readonly heardUpTo = new Map<UserId, Timestamp>();
  readonly #writtenAt = new Map<ClientId, number>();
  readonly #sends = new Map<ClientId, Send>();
  readonly #acknowledged: () => void;
  #changed: (() => void)[] = [];

  constructor({ session, transport, acknowledged = () => {} }: DeviceOptions) {
    this.session = session;
    this.#acknowledged = acknowledged;
    this.store.observe((changes) => this.#stored(changes));
    this.engine = createEngine({
      self: { userId: this.user, deviceId: this.device },
      store: this.store,
      transport: this.#listening(transport(this.device)),
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

  /** Resolves when it is so. It is asked after each change of the store and each answer: also after one that comes while it is being asked. */
  async until(condition: (store: MemoryStore) => Promise<boolean>): Promise<void> {
    for (;;) {
      const changed = new Promise<void>((resolve) => this.#changed.push(resolve));
      if (await condition(this.store)) return;
      await changed;
    }
  }

  /** For how long at most nothing of what it sent was acknowledged, between two moments. */
  longestWaitMs(from: number, to: number): number {
    const times = [from, ...this.answeredAt.filter((at) => at > from && at < to), to];
    return Math.max(...times.slice(1).map((at, index) => at - (times[index] as number)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.stop();
    this.#tellChanged();
  }

  #stored(changes: readonly LocalChange[]): void {
    this.storedAt = Date.now();
    for (const change of changes) {
      if (change.type === 'put-outbox') {
        const { clientId, conversationId, kind, content } = change.item;
        const send = { user: this.user, device: this.device, clientId, conversationId, kind, content };
        if (this.#sends.has(clientId)) continue;
        this.#sends.set(clientId, send);
        this.#writtenAt.set(clientId, Date.now());
      }
      if (change.type === 'put-entries')
        for (const { sender, sentAt } of change.entries)
          if (sentAt > (this.heardUpTo.get(sender) ?? 0)) this.heardUpTo.set(sender, sentAt);
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
    const answer = await callOn(line.api, call).catch((error: unknown) => {
      this.#failed(error instanceof TidingsError ? error.code : String(error));
      throw error;
    });
    if (call.path === 'message.send')
      this.#answered(call.input as { messages: readonly Outgoing[] }, answer as SendResult[]);
    return answer;
  }

  #failed(code: string): void {
    this.failures.set(code, (this.failures.get(code) ?? 0) + 1);
    this.#tellChanged();
  }

  #answered({ messages }: { readonly messages: readonly Outgoing[] }, results: readonly SendResult[]): void {
    const known = this.acknowledgements.length;
    const conversationOf = new Map<ClientId, ConversationId>(
      messages.map(({ clientId, conversationId }) => [clientId, conversationId]),
    );
    for (const result of results) {
      const conversationId = conversationOf.get(result.clientId);
      if ('error' in result) this.#failed(result.error);
      if (!('seq' in result) || !conversationId) continue;
      const { clientId, seq } = result;
      this.acknowledgedUpTo = Math.max(this.acknowledgedUpTo, this.#writtenAt.get(clientId) ?? 0);
      this.acknowledgements.push({ user: this.user, device: this.device, clientId, conversationId, seq });
    }
    if (this.acknowledgements.length === known) return;
    this.answeredAt.push(Date.now());
    this.#acknowledged();
    this.#tellChanged();
  }
}
