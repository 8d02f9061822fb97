import type { Clock } from '@tidings/api/clock';
import type { DirectoryClient, RecentReads } from './client.ts';
import type { OwnWrites } from './own-writes.ts';

/** Answers by asking the servers; they reject when a server can't be reached. */
export type PrimaryToWatch = {
  readonly client: DirectoryClient;
  /** What is committed there; empty when it can't be told. */
  position(): Promise<string>;
};
export type ReplicaToWatch = {
  readonly client: DirectoryClient;
  /** True when it shows everything up to the position, possibly after waiting for it. */
  reached(position: string, waitMs: number): Promise<boolean>;
};

export type ReplicaLimits = {
  /** How often the servers are asked how far they are. */
  readonly checkMs: number;
  /** How far behind the primary a replica may be and still be read from. */
  readonly maxBehindMs: number;
};

export const defaultReplicaLimits: ReplicaLimits = { checkMs: 250, maxBehindMs: 1_000 };

/** What the primary had at some moment, and which of our own writes are certainly among it. */
class Moment {
  readonly position: string;
  readonly ownWrites: number;
  /** Until `maxBehindMs` have passed. */
  recent = true;

  constructor(position: string, ownWrites: number) {
    this.position = position;
    this.ownWrites = ownWrites;
  }
}

type Watched = ReplicaToWatch & {
  answers: boolean;
  /** The latest moment that the replica is known to show. */
  shows: Moment | null;
};

/**
 * Reads that may come from a replica. Nothing rests on how long replication usually takes: every `checkMs` the primary is asked for
 * its position, and the replicas whether they have reached it, so that of each replica a moment is known whose state it shows.
 *
 * - **One's own writes are seen**: a query goes to a replica only if that moment is after the last write of *this process* to any
 *   of the query's tables. What a user writes through this process they also read through it.
 * - **Others' writes are seen after `maxBehindMs`**: a replica that shows an older moment isn't asked, be it slow, stopped, cut off from
 *   the primary or down. The primary is asked instead.
 * - **Without the primary** the second limit is waived, since an answer of a moment ago is better than none: it is as old as what the
 *   replica has received, and what this process wrote last and no replica is known to have can't be read until the primary is back.
 */
export class ReplicaReads {
  readonly #primary: PrimaryToWatch;
  readonly #replicas: readonly Watched[];
  readonly #writes: OwnWrites;
  readonly #clock: Clock;
  readonly #limits: ReplicaLimits;
  readonly #timers = new Set<() => void>();
  #stopped = false;
  #newest: Moment | null = null;
  #primaryAnswers = true;
  #turn = 0;

  constructor(
    parts: {
      readonly primary: PrimaryToWatch;
      readonly replicas: readonly ReplicaToWatch[];
      readonly writes: OwnWrites;
      readonly clock: Clock;
    },
    limits: ReplicaLimits,
  ) {
    this.#primary = parts.primary;
    this.#replicas = parts.replicas.map((replica) => ({ ...replica, answers: false, shows: null }));
    this.#writes = parts.writes;
    this.#clock = parts.clock;
    this.#limits = limits;
    if (this.#replicas.length === 0) return;
    this.#keepAsking(() => this.#askPrimary());
    for (const replica of this.#replicas) this.#keepAsking(() => this.#askReplica(replica));
  }

  readonly read: RecentReads = async (tables, query) => {
    for (const replica of this.#inTurn()) {
      if (!this.#mayAnswer(replica, tables)) continue;
      try {
        return await query(replica.client);
      } catch {
        replica.answers = false;
      }
    }
    return query(this.#primary.client);
  };

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #mayAnswer({ answers, shows }: Watched, tables: readonly string[]): boolean {
    if (!answers || shows === null) return false;
    return shows.ownWrites >= this.#writes.lastOf(tables) && (shows.recent || !this.#primaryAnswers);
  }

  #inTurn(): readonly Watched[] {
    const first = this.#turn++ % Math.max(1, this.#replicas.length);
    return [...this.#replicas.slice(first), ...this.#replicas.slice(0, first)];
  }

  async #askPrimary(): Promise<void> {
    // Counted before asking: a write whose answer is here already is below the position.
    const ownWrites = this.#writes.count;
    let isLate = false;
    let moment: Moment | null = null;
    this.#after(this.#limits.maxBehindMs, () => {
      isLate = true;
      if (moment) moment.recent = false;
    });
    try {
      const position = await this.#primary.position();
      moment = new Moment(position, ownWrites);
      moment.recent = !isLate;
      this.#newest = moment;
      this.#primaryAnswers = true;
    } catch {
      this.#primaryAnswers = false;
    }
  }

  async #askReplica(replica: Watched): Promise<void> {
    const moment = this.#newest;
    if (moment === null || moment.position === '') return;
    try {
      if (await replica.reached(moment.position, this.#limits.checkMs)) replica.shows = moment;
      replica.answers = true;
    } catch {
      replica.answers = false;
    }
  }

  #keepAsking(ask: () => Promise<void>): void {
    void ask().then(() => {
      if (!this.#stopped) this.#after(this.#limits.checkMs, () => this.#keepAsking(ask));
    });
  }

  #after(ms: number, task: () => void): void {
    const cancel = this.#clock.after(ms, () => {
      this.#timers.delete(cancel);
      task();
    });
    this.#timers.add(cancel);
  }
}
