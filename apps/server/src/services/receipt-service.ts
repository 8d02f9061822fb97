import { type Clock, wait } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import {
  type ConversationId,
  conversationKind,
  type DeviceId,
  peerOf,
  type Seq,
  seq,
} from '@tidings/api/ids';
import type { Mark, ReceiptApi } from '@tidings/api/receipt';
import type { Caller } from '@tidings/api/trpc';
import type { MarkUpdate, Watermark, WatermarkStore } from '@tidings/db/watermark-store/port';
import { LRUCache } from 'lru-cache';
import type { GroupReceipts } from './group-receipts.ts';
import type { LogReader } from './log-reader.ts';
import { nowhere, type Stand } from './minima.ts';
import type { Access, Delivery, Logger, Profiles } from './parts.ts';
import { readsAreShown } from './shown-reads.ts';
import type { TailCache } from './tail-cache.ts';
import { logTrouble } from './trouble.ts';

export type ReceiptServiceParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly access: Access;
  readonly profiles: Profiles;
  readonly watermarks: WatermarkStore;
  readonly reader: LogReader;
  readonly tails: TailCache;
  readonly delivery: Delivery;
  readonly groups: GroupReceipts;
};

/** When marks are stored again whose call failed; longer each time. */
const storeAgainMs = [1_000, 2_000, 4_000] as const;
/** Likewise, when it can't be looked up whether a read mark is shown. */
const lookUpAgainMs = storeAgainMs;

/** What one user's marks of one conversation are raised to in a tick. `knower`: the device that has said all of it, if one has. */
type Raise = { readonly update: MarkUpdate; readonly knower: DeviceId | undefined };
type Round = { readonly raises: Map<string, Raise>; readonly done: Promise<void> };

/** Takes marks, stores them a tick's worth at a time, and tells who may know. */
export class ReceiptService implements ReceiptApi {
  readonly #parts: ReceiptServiceParts;
  #round: Round | null = null;
  /** What was last told of a mark, so that one that didn't move is told to nobody. */
  readonly #told = new LRUCache<string, Stand>({ max: 50_000 });

  constructor(parts: ReceiptServiceParts) {
    this.#parts = parts;
  }

  /** What the caller may mark is marked, also when other marks of the call are refused. */
  async mark(caller: Caller, marks: readonly Mark[]): Promise<void> {
    const outcomes = await Promise.allSettled(marks.map((mark) => this.#markOne(caller, mark)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #markOne(caller: Caller, { conversationId, delivered, read }: Mark): Promise<void> {
    if (conversationKind(conversationId) === 'account')
      throw new TidingsError('not-found', 'account logs have no marks');
    const { membership } = await this.#parts.access.require(caller.userId, conversationId, 'read');
    const wanted = Math.max(delivered, read);
    const head = await this.#headFor(conversationId, wanted);
    const upTo = membership.removedSeq === null ? head : Math.min(head, membership.removedSeq);
    if (Math.min(wanted, upTo) <= 0) return;
    await this.#raise(caller, conversationId, {
      delivered: seq(Math.min(wanted, upTo)),
      read: seq(Math.min(read, upTo)),
    });
  }

  /** MARK1. What was seen here is at most the head, so a mark below it needs no look at the store. */
  async #headFor(conversation: ConversationId, wanted: number): Promise<Seq> {
    const seen = this.#parts.tails.top(conversation);
    return wanted <= seen ? seen : (await this.#parts.reader.head(conversation)).seq;
  }

  #raise({ userId: user, deviceId }: Caller, conversation: ConversationId, said: Stand): Promise<void> {
    const { raises, done } = this.#openRound();
    const key = `${conversation} ${user}`;
    const other = raises.get(key);
    const update: MarkUpdate = {
      conversation,
      user,
      delivered: seq(Math.max(said.delivered, other?.update.delivered ?? 0)),
      read: seq(Math.max(said.read, other?.update.read ?? 0)),
      at: this.#parts.clock.now(),
    };
    const isOthers = other !== undefined && isSame(update, other.update);
    raises.set(key, {
      update,
      knower: isSame(update, said) ? deviceId : isOthers ? other.knower : undefined,
    });
    return done;
  }

  /** What comes until the end of this tick is one call of the store. */
  #openRound(): Round {
    if (this.#round) return this.#round;
    const raises = new Map<string, Raise>();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#round = { raises, done: promise };
    this.#parts.clock.soon(() => {
      this.#round = null;
      resolve(this.#store([...raises.values()]));
    });
    return this.#round;
  }

  async #store(raises: readonly Raise[]): Promise<void> {
    try {
      await this.#storeAndTell(raises);
    } catch (error) {
      void this.#storeAgain(raises, 0);
      throw error;
    }
  }

  /**
   * It failed, and may be stored all the same. Then a device that comes back on another line finds its marks where it wants them and says
   * no more, so the others would never hear of them: hence the same once more, until it is known where they stand.
   */
  async #storeAgain(raises: readonly Raise[], failures: number): Promise<void> {
    const ms = storeAgainMs[failures];
    if (ms === undefined) return;
    await wait(this.#parts.clock, ms);
    try {
      await this.#storeAndTell(raises);
    } catch (error) {
      logTrouble(this.#parts.logger, error, 'marks are not stored yet');
      await this.#storeAgain(raises, failures + 1);
    }
  }

  async #storeAndTell(raises: readonly Raise[]): Promise<void> {
    const { watermarks, groups } = this.#parts;
    const updates = raises.map(({ update }) => update);
    const stored = groups.expect(updates.filter(({ conversation }) => isGroup(conversation)));
    try {
      this.#tell(raises, await watermarks.advance(updates));
    } finally {
      stored();
    }
  }

  #tell(raises: readonly Raise[], marks: readonly Watermark[]): void {
    const groups = new Map<ConversationId, Watermark[]>();
    for (const [index, mark] of marks.entries()) {
      if (!this.#moved(mark)) continue;
      const { update, knower } = raises[index] as Raise;
      // Two devices may have marked in one tick, and another handler may have stored more: then no device knows it all.
      this.#tellOwn(mark, isSame(mark, update) ? knower : undefined);
      if (isGroup(mark.conversation))
        groups.set(mark.conversation, [...(groups.get(mark.conversation) ?? []), mark]);
      else void this.#tellPeer(mark);
    }
    for (const [conversation, moved] of groups) this.#parts.groups.moved(conversation, moved);
  }

  #moved({ conversation, user, delivered, read }: Watermark): boolean {
    const key = `${conversation} ${user}`;
    const told = this.#told.get(key) ?? nowhere;
    if (delivered <= told.delivered && read <= told.read) return false;
    this.#told.set(key, { delivered, read });
    return true;
  }

  #tellOwn({ conversation, user, delivered, read }: Watermark, knower: DeviceId | undefined): void {
    this.#parts.delivery.tell(
      [user],
      [{ type: 'own-marks', conversationId: conversation, delivered, read }],
      knower,
    );
  }

  /** A user who can't be looked up hides what they read: it is told when they can be. */
  async #tellPeer(mark: Watermark, failures = 0): Promise<void> {
    const { conversation, user, delivered, read } = mark;
    const peer = peerOf(conversation, user);
    if (!peer) return;
    const shown = read > 0 ? await this.#isShown(conversation) : false;
    this.#parts.delivery.tell(
      [peer],
      [{ type: 'marks', conversationId: conversation, delivered, read: shown ? read : seq(0) }],
    );
    const ms = lookUpAgainMs[failures];
    if (shown !== null || ms === undefined) return;
    await wait(this.#parts.clock, ms);
    await this.#tellPeer(mark, failures + 1);
  }

  /** `null`: nobody knows now. */
  #isShown(conversation: ConversationId): Promise<boolean | null> {
    return readsAreShown(this.#parts.profiles, conversation).catch((error: unknown) => {
      logTrouble(this.#parts.logger, error, 'a read mark is not shown yet', { conversation });
      return null;
    });
  }
}

const isGroup = (conversation: ConversationId): boolean => conversationKind(conversation) === 'group';

const isSame = (a: Stand, b: Stand): boolean => a.delivered === b.delivered && a.read === b.read;
