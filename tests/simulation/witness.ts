import type { Entry } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import type { EventBatch } from '@tidings/api/events';
import type { ClientId, ConversationId, Timestamp, UserId } from '@tidings/api/ids';
import type { Outgoing, RangePage, SendResult } from '@tidings/api/message';
import type { Mark } from '@tidings/api/receipt';
import type { HeadsPage } from '@tidings/api/sync';
import { isRefusal } from '@tidings/client/backoff';
import type { LocalChange, OutboxItem } from '@tidings/client/local-store';
import type { Watermark, WatermarkStore } from '@tidings/db/watermark-store/port';
import type { Acknowledgement, MarkSeen, Received, Send } from '../invariants/history.ts';
import type { Violation } from '../invariants/violation.ts';
import type { SimDevice } from './device.ts';

/** Stands between the parts of a world and writes down what was promised and what was seen. */
export class Witness {
  /** For people: what happens, as it happens. */
  tell: (what: string, details?: unknown) => void = () => {};
  readonly acknowledgements: Acknowledgement[] = [];
  readonly marks: MarkSeen[] = [];
  readonly violations: Violation[] = [];
  readonly receivedEntries: Received[] = [];
  readonly #sends = new Map<string, { send: Send; givenUp: boolean }>();
  readonly #conversationOf = new Map<ClientId, ConversationId>();
  readonly #delivered = new Map<string, number>();
  readonly #now: () => Timestamp;

  constructor(now: () => Timestamp) {
    this.#now = now;
  }

  get sends(): Send[] {
    return [...this.#sends.values()].map(({ send, givenUp }) => (givenUp ? { ...send, givenUp } : send));
  }

  /** A device's store takes changes. */
  applied({ user, device }: SimDevice, changes: readonly LocalChange[]): void {
    this.tell(`${device} stores`, changes);
    for (const change of changes) {
      if (change.type === 'put-outbox') this.#put(user, device, change.item);
    }
  }

  /** Whoever throws a send away gives it up. */
  discarded(client: ClientId): void {
    const known = [...this.#sends.values()].find(({ send }) => send.clientId === client);
    if (known) known.givenUp = true;
  }

  /** A device calls a server. */
  called(device: SimDevice, path: string, input: unknown): void {
    this.tell(`${device.device} calls ${path}`, input);
    if (path === 'receipt.mark') {
      for (const mark of (input as { marks: Mark[] }).marks) {
        const known = this.#delivered.get(`${mark.conversationId} ${device.user}`) ?? 0;
        device.watcher.marked(mark, known);
      }
    }
    if (path === 'message.send') {
      for (const message of (input as { messages: Outgoing[] }).messages) this.#sending(device, message);
    }
  }

  /** A server gives something to a device. */
  given(device: SimDevice, path: string, value: unknown): void {
    if (path === 'message.send') this.#refused(device, value as SendResult[]);
    for (const { conversationId, seq } of entriesIn(path, value))
      this.receivedEntries.push({
        user: device.user,
        device: device.device,
        conversationId,
        seq,
        at: this.#now(),
      });
  }

  /** A device gets it. */
  received(device: SimDevice, path: string, value: unknown): void {
    this.tell(`${device.device} gets ${path}`, value);
    if (path === 'message.send') this.#acknowledged(device, value as SendResult[]);
  }

  /** The store of the marks, looked at. */
  watching(store: WatermarkStore): WatermarkStore {
    return {
      advance: async (marks) => this.#stored(await store.advance(marks)),
      ofUser: async (user, conversations) => this.#stored(await store.ofUser(user, conversations)),
      ofConversations: (conversations) => store.ofConversations(conversations),
      timesAt: (conversation, seq) => store.timesAt(conversation, seq),
    };
  }

  #put(user: UserId, device: SimDevice['device'], item: OutboxItem): void {
    const { clientId, conversationId, kind, content } = item;
    const key = `${device}/${clientId}`;
    const known = this.#sends.get(key) ?? {
      send: { user, device, clientId, conversationId, kind, content },
      givenUp: false,
    };
    if (item.state.type === 'failed') known.givenUp = true;
    this.#sends.set(key, known);
  }

  /** What a full disk had no room for is sent all the same, and may die with the program. */
  #sending({ user, device }: SimDevice, { clientId, conversationId, kind, content }: Outgoing): void {
    this.#conversationOf.set(clientId, conversationId);
    const key = `${device}/${clientId}`;
    if (this.#sends.has(key)) return;
    this.#sends.set(key, { send: { user, device, clientId, conversationId, kind, content }, givenUp: true });
  }

  /** For good. When the device doesn't hear of it, it tries again, behind what was sent since, and may succeed. */
  #refused({ device }: SimDevice, results: readonly SendResult[]): void {
    for (const result of results) {
      const known = this.#sends.get(`${device}/${result.clientId}`);
      if (known && 'error' in result && isRefusal(new TidingsError(result.error))) known.givenUp = true;
    }
  }

  #acknowledged({ user, device }: SimDevice, results: readonly SendResult[]): void {
    for (const result of results) {
      const conversationId = this.#conversationOf.get(result.clientId);
      if ('error' in result && result.error === 'conflict')
        this.violations.push({ rule: 'LOG3', what: `no position was found for ${result.clientId}` });
      if (!('seq' in result) || !conversationId) continue;
      this.acknowledgements.push({
        user,
        device,
        clientId: result.clientId,
        conversationId,
        seq: result.seq,
      });
    }
  }

  #stored(watermarks: readonly Watermark[]): readonly Watermark[] {
    for (const { conversation, user, delivered, read } of watermarks) {
      this.marks.push({ where: 'store', conversationId: conversation, user, delivered, read });
      const key = `${conversation} ${user}`;
      this.#delivered.set(key, Math.max(delivered, this.#delivered.get(key) ?? 0));
    }
    return watermarks;
  }
}

function entriesIn(path: string, value: unknown): readonly Entry[] {
  switch (path) {
    case 'message.read':
      return (value as RangePage[]).flatMap((page) => [...page.entries, ...page.effects]);
    case 'sync.heads':
      return (value as HeadsPage).heads.flatMap((head) => head.last ?? []);
    case 'sync.stream':
      return (value as EventBatch).flatMap((event) => (event.type === 'entry' ? event.entry : []));
    default:
      return [];
  }
}
