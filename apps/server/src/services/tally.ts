import type { Clock } from '@tidings/api/clock';
import type { HandlerId, Timestamp } from '@tidings/api/ids';
import { LRUCache } from 'lru-cache';

/** Nobody waits for what was lost longer than 10 s (INV7): one of these, and what it takes the devices to be told and to read. */
const tellMs = 3_000;
/** A count may be lost as well: after the last push it is told this often. */
const tellings = 10;
/** More handlers than ever talk to each other. */
const maxHandlers = 10_000;

type Sent = { count: number; until: Timestamp };

/**
 * Notices that pushes between handlers were lost, which the channel doesn't (it is at most once, and in order). Each handler counts
 * what it sends to each other one, and tells the count now and then; one that has received fewer knows that it missed something.
 * A handler's id is new at each start, so both begin at nothing.
 */
export class Tally {
  readonly #clock: Clock;
  readonly #tell: (to: HandlerId, count: number) => void;
  readonly #sent = new LRUCache<HandlerId, Sent>({ max: maxHandlers });
  readonly #received = new LRUCache<HandlerId, number>({ max: maxHandlers });
  #cancel: (() => void) | null = null;
  #stopped = false;

  /** `tell` brings a count to a handler, if nothing is lost. */
  constructor(clock: Clock, tell: (to: HandlerId, count: number) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** One more push goes to this handler. */
  sending(to: HandlerId): void {
    const sent = this.#sent.get(to) ?? { count: 0, until: 0 };
    sent.count += 1;
    sent.until = this.#clock.now() + tellings * tellMs;
    this.#sent.set(to, sent);
    this.#tellLater();
  }

  /** One more has come from this one. */
  received(from: HandlerId): void {
    this.#received.set(from, (this.#received.get(from) ?? 0) + 1);
  }

  /** How many this one says that it has sent: answers how many of them were lost since it said so last. */
  lost(from: HandlerId, count: number): number {
    const lost = Math.max(0, count - (this.#received.get(from) ?? 0));
    if (lost > 0) this.#received.set(from, count);
    return lost;
  }

  /** Everybody is told now. */
  tellAll(): void {
    for (const [handler, { count }] of this.#due()) this.#tell(handler, count);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #due(): (readonly [HandlerId, Sent])[] {
    const now = this.#clock.now();
    return [...this.#sent.entries()].filter(([, { until }]) => until > now);
  }

  #tellLater(): void {
    if (this.#stopped) return;
    this.#cancel ??= this.#clock.after(tellMs, () => {
      this.#cancel = null;
      this.tellAll();
      if (this.#due().length > 0) this.#tellLater();
    });
  }
}
