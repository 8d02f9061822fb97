import type { Clock } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import type { Sequencer } from '@tidings/bus/sequencer/port';
import type { MessageStore } from '@tidings/db/message-store/port';
import type { TailCache } from './tail-cache.ts';

/** An entry that has no position yet. */
export type Draft = Omit<Entry, 'seq' | 'sentAt'>;

/** Where each draft stands, or why it and all behind it don't. */
export type Placement = Entry | TidingsError;

export type AppendQueueParts = {
  readonly messages: MessageStore;
  readonly sequencer: Sequencer;
  readonly clock: Clock;
  readonly tails: TailCache;
  readonly head: (conversation: ConversationId) => Promise<Seq>;
};

/** Asked just before a batch is written: why nothing of this job may be appended any more. */
export type Veto = () => TidingsError | null;

type Job = {
  readonly drafts: readonly Draft[];
  readonly veto: Veto | undefined;
  readonly done: (placements: readonly Placement[]) => void;
};

const maxBatch = 256;
/** How often a taken position is tried again (LOG3). */
const maxRetries = 16;

/**
 * Appends, one batch at a time per conversation: what comes within a tick, or while a batch is being written, goes together in
 * the next one, in the order in which it came (LOG8). Conversations don't wait for each other.
 */
export class AppendQueue {
  readonly #parts: AppendQueueParts;
  readonly #lanes = new Map<ConversationId, Job[]>();
  #started: ConversationId[] = [];
  #size = 0;
  #idle: (() => void)[] = [];

  constructor(parts: AppendQueueParts) {
    this.#parts = parts;
  }

  /** Calls that wait for their batch to be written, or for their turn. */
  get size(): number {
    return this.#size;
  }

  /** All of one conversation. Never rejects: a failure is told for the draft that met it and for each behind it. */
  append(conversation: ConversationId, drafts: readonly Draft[], veto?: Veto): Promise<readonly Placement[]> {
    this.#size += 1;
    return new Promise((answer) => {
      const done: Job['done'] = (placements) => {
        this.#size -= 1;
        answer(placements);
      };
      const lane = this.#lanes.get(conversation);
      if (lane) {
        lane.push({ drafts, veto, done });
        return;
      }
      this.#lanes.set(conversation, [{ drafts, veto, done }]);
      if (this.#started.push(conversation) === 1) this.#parts.clock.soon(() => this.#start());
    });
  }

  /** Resolves when nothing is being written any more. */
  async drain(): Promise<void> {
    if (this.#lanes.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #start(): void {
    const started = this.#started;
    this.#started = [];
    for (const conversation of started) void this.#run(conversation);
  }

  async #run(conversation: ConversationId): Promise<void> {
    const lane = this.#lanes.get(conversation) ?? [];
    while (lane.length > 0) await this.#writeJobs(conversation, takeBatch(lane));
    this.#lanes.delete(conversation);
    if (this.#lanes.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #writeJobs(conversation: ConversationId, taken: readonly Job[]): Promise<void> {
    const jobs = taken.filter(notVetoed);
    if (jobs.length === 0) return;
    const placements = await this.#write(
      conversation,
      jobs.length === 1 ? jobs[0]!.drafts : jobs.flatMap((job) => job.drafts),
    );
    let from = 0;
    for (const { drafts, done } of jobs) {
      done(placements.slice(from, from + drafts.length));
      from += drafts.length;
    }
  }

  /** Positions are only suggested: where one is taken, that draft and those behind it try again above the head. */
  async #write(conversation: ConversationId, drafts: readonly Draft[]): Promise<readonly Placement[]> {
    const placed: Placement[] = [];
    try {
      for (let attempt = 0; placed.length < drafts.length; attempt += 1) {
        if (attempt > maxRetries) throw new TidingsError('conflict', `no free position in ${conversation}`);
        const written = await this.#writeOnce(conversation, drafts.slice(placed.length), attempt > 0);
        this.#parts.tails.put(written);
        placed.push(...written);
      }
    } catch (cause) {
      const error =
        cause instanceof TidingsError ? cause : new TidingsError('unavailable', undefined, { cause });
      while (placed.length < drafts.length) placed.push(error);
    }
    return placed;
  }

  /** The leading drafts that got their cells. */
  async #writeOnce(
    conversation: ConversationId,
    drafts: readonly Draft[],
    reseed: boolean,
  ): Promise<Entry[]> {
    const first = await this.#positions(conversation, drafts.length, reseed);
    const sentAt = this.#parts.clock.now();
    const entries = drafts.map((draft, index): Entry => ({ ...draft, seq: seq(first + index), sentAt }));
    const outcomes = await this.#parts.messages.append(entries);
    const taken = outcomes.indexOf('taken');
    return taken < 0 ? entries : entries.slice(0, taken);
  }

  async #positions(conversation: ConversationId, count: number, reseed: boolean): Promise<Seq> {
    const { sequencer, head, tails } = this.#parts;
    if (!reseed) {
      const next = await hinted(sequencer.next(conversation, count));
      // One that was set back may suggest a hole below what was answered already: that order is promised.
      if (next !== null && next > tails.top(conversation)) return next;
    }
    const top = await head(conversation);
    const next = await hinted(
      sequencer.seed(conversation, top).then(() => sequencer.next(conversation, count)),
    );
    return next !== null && next > top ? next : seq(top + 1);
  }
}

/** A sequencer that is down, or forgets at once, is no reason to refuse: the cell decides anyway. */
const hinted = (suggestion: Promise<Seq | null>): Promise<Seq | null> => suggestion.catch(() => null);

function notVetoed({ drafts, veto, done }: Job): boolean {
  const error = veto?.();
  if (error) done(drafts.map(() => error));
  return !error;
}

/** Whole jobs only: what came in one call stays together, so that it fails together. */
function takeBatch(lane: Job[]): Job[] {
  let count = 0;
  let drafts = 0;
  while (count < lane.length && (count === 0 || drafts + lane[count]!.drafts.length <= maxBatch)) {
    drafts += lane[count]!.drafts.length;
    count += 1;
  }
  return lane.splice(0, count);
}
