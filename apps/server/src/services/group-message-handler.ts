import type { Clock } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import { type ConversationId, type Seq, seq, type UserId } from '@tidings/api/ids';
import type { Log, LogRecord } from '@tidings/bus/log/port';
import { LRUCache } from 'lru-cache';
import { mayRead } from './access.ts';
import { groupTopic } from './entry-delivery.ts';
import type { Erasure } from './erasure.ts';
import type { GroupReceipts } from './group-receipts.ts';
import type { LogReader } from './log-reader.ts';
import type { Access, ConversationView, GroupChanges, GroupNotice, Logger } from './parts.ts';
import { entryEvent } from './redelivery.ts';
import { logTrouble } from './trouble.ts';
import type { WebSocketManager } from './websocket-manager.ts';

/** What was missed further back than this is left to the devices, which read it when they meet the gap. */
const maxCatchUp = 256;
const pageBytes = 4_000_000;

export type GroupMessageHandlerParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly log: Log<GroupNotice>;
  readonly access: Access;
  readonly reader: LogReader;
  readonly manager: WebSocketManager;
  readonly changes: GroupChanges;
  readonly receipts: GroupReceipts;
  readonly erasure: Pick<Erasure, 'met'>;
  /** Hears how old each entry is when it is brought to its members. */
  readonly onDelivered?: ((ageMs: number) => void) | undefined;
};

/** How far a group was delivered from here, how far it is to be, and whether that is under way. */
type Progress = { delivered: number; wanted: number; working: Promise<void> | null; retrying: boolean };

/**
 * Brings what is appended to groups to their members: reads the entries, asks who may read each, and sends every handler that
 * serves some of them one envelope. It runs beside the WebSocket handlers, as often as one likes: a group's notices all go to
 * one of them, in order.
 *
 * A group is delivered in the order of its log, without gaps: whoever was removed at 10 must not be pushed 11 because its notice
 * came first. So a hole is waited for, and at last sealed, like by any reader.
 */
export class GroupMessageHandler {
  /** Entries brought to groups since the start. */
  delivered = 0;
  readonly #parts: GroupMessageHandlerParts;
  readonly #progress = new LRUCache<ConversationId, Progress>({ max: 20_000 });
  #leave: () => Promise<void> = async () => {};
  #stopped = false;

  constructor(parts: GroupMessageHandlerParts) {
    this.#parts = parts;
  }

  /** Positions that notices were read of and that aren't delivered yet. */
  get behind(): number {
    let sum = 0;
    for (const { wanted, delivered } of this.#progress.values()) sum += wanted - delivered;
    return sum;
  }

  async run(): Promise<void> {
    this.#leave = await this.#parts.log.consume(groupTopic, 'group-message-handler', (records) =>
      this.#handle(records),
    );
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    await this.#leave();
  }

  async #handle(records: readonly LogRecord<GroupNotice>[]): Promise<void> {
    const groups = new Map<ConversationId, { first: Seq; last: Seq }>();
    for (const { value } of records) {
      const known = groups.get(value.conversationId);
      if (!known) groups.set(value.conversationId, { first: value.seq, last: value.seq });
      else if (value.seq > known.last) known.last = value.seq;
      else if (value.seq < known.first) known.first = value.seq;
    }
    await Promise.all([...groups].map(([group, { first, last }]) => this.#deliverUpTo(group, first, last)));
  }

  /** Rejects when a store is down: the log then brings the notices again. */
  async #deliverUpTo(group: ConversationId, first: number, last: number): Promise<void> {
    const progress = this.#progress.get(group) ?? this.#begin(group, first);
    progress.wanted = Math.max(progress.wanted, last);
    while (progress.delivered < progress.wanted && !progress.retrying) {
      progress.working ??= this.#deliverNext(group, progress).finally(() => {
        progress.working = null;
      });
      await progress.working;
    }
  }

  /** What happened to the members below its first notice isn't known here, so they are asked for anew. */
  #begin(group: ConversationId, first: number): Progress {
    this.#parts.access.forget(group);
    const progress: Progress = { delivered: first - 1, wanted: first - 1, working: null, retrying: false };
    this.#progress.set(group, progress);
    return progress;
  }

  async #deliverNext(group: ConversationId, progress: Progress): Promise<void> {
    const first = Math.max(progress.delivered + 1, progress.wanted - maxCatchUp + 1);
    const query = {
      conversation: group,
      first,
      last: progress.wanted,
      from: 'oldest',
      limit: maxCatchUp,
      maxBytes: pageBytes,
    } as const;
    const page = await this.#parts.reader.page({ ...query, head: seq(progress.wanted) });
    for (const entry of page.entries) await this.#deliver(group, entry);
    if (page.entries.length > 0) progress.delivered = page.last;
    if (page.holeRetryMs !== undefined) this.#retryLater(group, progress, page.holeRetryMs);
    else if (page.entries.length === 0) progress.delivered = progress.wanted;
  }

  #retryLater(group: ConversationId, progress: Progress, ms: number): void {
    progress.retrying = true;
    this.#parts.clock.after(ms, () => {
      progress.retrying = false;
      if (this.#stopped) return;
      this.#deliverUpTo(group, progress.delivered + 1, progress.wanted).catch((error: unknown) => {
        logTrouble(this.#parts.logger, error, 'a group waits for its next message, or for redelivery', {
          group,
        });
      });
    });
  }

  async #deliver(group: ConversationId, entry: Entry): Promise<void> {
    const { access, changes, erasure, manager, receipts } = this.#parts;
    const isChange = entry.kind === 'change';
    if (isChange) await changes.settle(entry);
    if (entry.kind === 'delete' && entry.target !== undefined) erasure.met(group, entry.target);
    if (entry.kind === 'void') return;
    const [view] = await access.find([group]);
    if (!view) return;
    this.delivered += 1;
    // The writer's clock may be ahead of ours.
    this.#parts.onDelivered?.(Math.max(0, this.#parts.clock.now() - entry.sentAt));
    manager.push({
      users: readersOf(view, entry),
      events: [entryEvent(entry)],
      stale: isChange ? group : undefined,
    });
    if (isChange) receipts.moved(group, []);
  }
}

/** Who may read it: members now, and who left with or after it. */
function readersOf(view: ConversationView, entry: Entry): readonly UserId[] {
  const all = [...view.memberships.values()];
  if (all.every((membership) => membership.removedSeq === null && entry.seq >= membership.joinedSeq))
    return view.current;
  return all.filter((membership) => mayRead(membership, entry.seq)).map(({ userId }) => userId);
}
