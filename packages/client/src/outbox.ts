import type { Clock, MakeId, Random } from '@tidings/api/clock';
import { encodeContent, type SentContent } from '@tidings/api/content';
import { type ErrorCode, TidingsError } from '@tidings/api/errors';
import { type ClientId, type ConversationId, clientId, type Seq } from '@tidings/api/ids';
import type { SendResult } from '@tidings/api/message';
import type { LazyUploads } from './assets/lazy-uploads.ts';
import {
  expire,
  type FlushContext,
  type Flushed,
  failedAs,
  flushCall,
  isBlocked,
  isWaiting,
  nextCall,
} from './flush.ts';
import type { Inbox } from './inbox.ts';
import type { LocalStore, OutboxItem } from './local-store.ts';
import { holds } from './ranges.ts';
import { Rests } from './rests.ts';
import { hashesOf, type Send } from './sends.ts';
import type { Api } from './transport.ts';

const callsInFlight = 3;

export type OutboxParts = {
  readonly store: LocalStore;
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly random: Random;
  readonly makeId: MakeId;
  /** The server's time, as far as known: a device's own may be wrong by a day. */
  readonly serverNow: () => number;
  /** Absent on a device that uploads nothing. */
  readonly uploads: LazyUploads | null;
};

/**
 * What the user has sent and the log doesn't have yet. The store is asked anew before each call, since other tabs and the service
 * worker put, send and drop items too; the server knows each send by its client id, so two flushers do no harm (OUT6).
 */
export class Outbox {
  readonly #parts: OutboxParts;
  #api: Api | null = null;
  /** Conversations with a call under way. */
  readonly #busy = new Set<ConversationId>();
  readonly #rests: Rests;
  readonly #alone = new Set<ClientId>();
  /** Stored with the head known now, and not tried yet: the first attempt needs no search at the server. */
  readonly #untried = new Set<ClientId>();
  /** Acknowledged, and on their way into the store. */
  readonly #acknowledged = new Set<ClientId>();
  #turn: Promise<unknown> = Promise.resolve();
  #calls = 0;
  #looking = false;
  #lookAgain = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.#rests = new Rests(parts, () => this.flush());
  }

  /** OUT1: durable when it answers. */
  async put(send: Send): Promise<ClientId> {
    const { store, inbox, clock, makeId, serverNow } = this.#parts;
    const { target, ...rest } = send;
    const item: OutboxItem = {
      ...rest,
      clientId: clientId(makeId()),
      ...(target === undefined ? {} : { target }),
      createdAt: clock.now(),
      ...(isBlocked(send) ? {} : this.#tryingSoon(send.conversationId)),
    };
    if (item.triedSince !== undefined) this.#untried.add(item.clientId);
    await store.apply([{ type: 'put-outbox', item }]);
    if (send.kind === 'message')
      void inbox.take({ type: 'sending', conversationId: send.conversationId, at: serverNow() });
    this.flush();
    return item.clientId;
  }

  /** A failed send, once more: as a retry, since it may have got through after all. */
  retry(client: ClientId): Promise<void> {
    return this.#change(client, (item) => {
      if (item.state.type !== 'failed') return item;
      this.#rests.end(item.conversationId);
      const { readyAt: _, ...rest } = item;
      return { ...rest, createdAt: this.#parts.clock.now(), state: { type: startOf(item) } };
    });
  }

  discard(client: ClientId): Promise<void> {
    this.#parts.uploads?.cancel(client);
    return this.#change(client, () => null);
  }

  /** What a send that was being prepared is, or why it can't be made; nothing when it was discarded meanwhile. */
  prepared(client: ClientId, outcome: SentContent | ErrorCode): Promise<void> {
    return this.#change(client, (item) => {
      if (item.state.type !== 'preparing') return item;
      if (typeof outcome === 'string') return failedAs(item, outcome);
      const [content, assets] = [encodeContent(outcome), hashesOf(outcome)];
      return { ...item, content, assets, state: { type: 'uploading' } };
    });
  }

  /** Its assets are at the server, or never will be. */
  uploaded(client: ClientId, failure: ErrorCode | null): void {
    const change = this.#change(client, (item) => {
      if (item.state.type !== 'uploading') return item;
      return failure ? failedAs(item, failure) : { ...item, state: { type: 'waiting' } };
    });
    // It stays as it is, and the next look offers the assets again.
    change.catch(() => this.#parts.clock.after(1_000, () => this.flush()));
  }

  /** A line is there: everything is tried at once. */
  open(api: Api): void {
    this.#api = api;
    this.#rests.endAll();
    this.flush();
  }

  close(): void {
    this.#api = null;
    // By the next line somebody else may have tried them.
    this.#untried.clear();
    this.#parts.uploads?.close();
  }

  stop(): void {
    this.close();
    this.#rests.endAll();
  }

  /** Looks for something to send; harmless at any time. */
  flush(): void {
    if (!this.#api) return;
    if (this.#looking) this.#lookAgain = true;
    else void this.#look(this.#api);
  }

  /**
   * OUT5: when there is a line and nothing waits before it, the head is stored with the item itself, which saves a write. Else
   * the head at the time of the first attempt is the better one: a retry searches the log from there.
   */
  #tryingSoon(conversation: ConversationId): { readonly triedSince?: Seq } {
    const row = this.#parts.inbox.row(conversation);
    return row && this.#api && !this.#rests.knows(conversation) ? { triedSince: row.head } : {};
  }

  async #look(api: Api): Promise<void> {
    this.#looking = true;
    try {
      do {
        this.#lookAgain = false;
        await this.#startCalls(api);
      } while (this.#lookAgain && this.#api === api);
    } catch {
      // The store failed to be read; the next reason to look comes with the next send, line or wake-up.
      this.#parts.clock.after(1_000, () => this.flush());
    } finally {
      this.#looking = false;
      if (this.#lookAgain) this.flush();
    }
  }

  async #startCalls(api: Api): Promise<void> {
    const context = this.#context(api);
    const stored = await this.#parts.store.outbox();
    const items = await expire(
      stored.filter((item) => !this.#acknowledged.has(item.clientId)),
      context,
    );
    await this.#dropArrived(items);
    await this.#bring(items, api);
    const isHeld = (id: ConversationId) => this.#busy.has(id) || this.#rests.holds(id);
    while (this.#calls < callsInFlight && this.#api === api) {
      const call = nextCall(items, isHeld, this.#alone);
      if (call.length === 0) return;
      void this.#makeCall(call, context);
    }
  }

  /** ASSET10: what has assets that aren't at the server is sent when they are. */
  async #bring(items: readonly OutboxItem[], api: Api): Promise<void> {
    const uploading = items.filter((item) => item.state.type === 'uploading');
    if (this.#api !== api) return;
    if (this.#parts.uploads) this.#parts.uploads.look(uploading, api);
    else for (const { clientId } of uploading) this.uploaded(clientId, 'asset-missing');
  }

  async #makeCall(call: readonly OutboxItem[], context: FlushContext): Promise<void> {
    const conversations = new Set(call.map((item) => item.conversationId));
    this.#calls += 1;
    for (const id of conversations) this.#busy.add(id);
    try {
      const flushed = await flushCall(call, context);
      for (const id of conversations) if (!flushed.later.has(id)) this.#rests.end(id);
      this.#settle(flushed);
      if (flushed.acknowledged.length > 0) this.#rests.hurry();
    } catch (error) {
      // Without a line nothing is tried; the next one tries everything.
      for (const id of conversations) if (this.#api) this.#rests.begin(id, error);
    } finally {
      this.#calls -= 1;
      for (const id of conversations) this.#busy.delete(id);
      for (const { clientId } of call) this.#untried.delete(clientId);
      this.flush();
    }
  }

  #settle(flushed: Flushed): void {
    for (const client of flushed.suspects) this.#alone.add(client);
    for (const { item } of flushed.acknowledged) this.#alone.delete(item.clientId);
    for (const [id, ms] of flushed.later)
      this.#rests.begin(id, new TidingsError('unavailable', undefined, { retryAfterMs: ms }));
    void this.#keep(flushed.acknowledged);
  }

  /** OUT3: the items leave the outbox when their entries are stored. Until then they aren't sent again. */
  async #keep(sends: Flushed['acknowledged']): Promise<void> {
    if (sends.length === 0) return;
    for (const { item } of sends) this.#acknowledged.add(item.clientId);
    await this.#parts.inbox.take({ type: 'acknowledged', sends });
    for (const { item } of sends) this.#acknowledged.delete(item.clientId);
  }

  #context(api: Api): FlushContext {
    return {
      store: this.#parts.store,
      clock: this.#parts.clock,
      send: async (messages) => {
        const firsts = messages.map(({ retrySince, ...message }) =>
          retrySince === undefined || this.#untried.has(message.clientId)
            ? message
            : { ...message, retrySince },
        );
        return (await api.message.send.mutate({ messages: firsts })) as readonly SendResult[];
      },
    };
  }

  /** Sent by somebody else (the service worker), or put back by them when the entry was here already. */
  async #dropArrived(items: readonly OutboxItem[]): Promise<void> {
    const arrived = items.filter(({ state, conversationId }) => {
      const held = this.#parts.inbox.get(conversationId);
      if (state.type !== 'sent' || !held) return false;
      return holds(held.row.ranges, state.seq) || state.seq <= held.synced || held.row.removedSeq !== null;
    });
    if (arrived.length === 0) return;
    await this.#parts.store.apply([{ type: 'drop-outbox', clientIds: arrived.map((item) => item.clientId) }]);
  }

  /**
   * One change after the other, each on what is stored then; `null` drops the item. When it lets pass what stood behind it, that expires from
   * now on only.
   */
  #change(client: ClientId, change: (item: OutboxItem) => OutboxItem | null): Promise<void> {
    const { store, clock } = this.#parts;
    const turn = this.#turn.then(async () => {
      const items = await store.outbox();
      const item = items.find((found) => found.clientId === client);
      if (!item) return;
      const changed = change(item);
      if (changed === item) return;
      const released = isBlocked(item) && !(changed && isBlocked(changed));
      const behind = released ? behindOf(item, items) : [];
      const now = { readyAt: clock.now() };
      await store.apply([
        changed
          ? { type: 'put-outbox', item: released ? { ...changed, ...now } : changed }
          : { type: 'drop-outbox', clientIds: [client] },
        ...behind.map((waiting) => ({ type: 'put-outbox', item: { ...waiting, ...now } }) as const),
      ]);
    });
    this.#turn = turn.catch(() => {});
    return turn.then(() => this.flush());
  }
}

/** Those that waited behind it. */
const behindOf = ({ conversationId, clientId }: OutboxItem, items: readonly OutboxItem[]) =>
  items
    .slice(items.findIndex((item) => item.clientId === clientId) + 1)
    .filter((item) => item.conversationId === conversationId && isWaiting(item));

/** Where a send begins: its assets may be gone from the server when it is sent again. */
function startOf({ assets }: OutboxItem): 'preparing' | 'uploading' | 'waiting' {
  if (!assets) return 'waiting';
  return assets.length === 0 ? 'preparing' : 'uploading';
}
