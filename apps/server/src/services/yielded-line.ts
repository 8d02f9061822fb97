import type { Clock } from '@tidings/api/clock';
import type { CloseReason } from '@tidings/api/errors';
import type { EventBatch, ServerEvent } from '@tidings/api/events';
import type { Caller } from '@tidings/api/trpc';
import type { OpenLine } from './stream.ts';

/** Events that wait for a reader that doesn't come for them (SYNC9). */
const maxWaiting = 10_000;

/** A line whose events are what its stream yields, a tick's worth at a time: for whoever calls in process. */
export class YieldedLine implements OpenLine {
  readonly caller: Caller;
  readonly #clock: Clock;
  readonly #closed: () => void;
  #waiting: ServerEvent[] = [];
  #reader: ((result: IteratorResult<EventBatch>) => void) | null = null;
  #ticking = false;
  #state: 'open' | 'ending' | 'closed' = 'open';

  constructor(caller: Caller, clock: Clock, closed: () => void, signal: AbortSignal | undefined) {
    this.caller = caller;
    this.#clock = clock;
    this.#closed = closed;
    signal?.addEventListener('abort', () => this.leave(), { once: true });
  }

  get over(): boolean {
    return this.#state !== 'open';
  }

  greet(hello: ServerEvent): EventBatch {
    return [hello];
  }

  push(events: readonly string[]): void {
    if (this.#state !== 'open') return;
    for (const event of events) this.#waiting.push(JSON.parse(event) as ServerEvent);
    if (this.#waiting.length > maxWaiting) {
      this.#waiting = [];
      this.end('resume');
    } else this.#tick();
  }

  end(reason: CloseReason): void {
    if (this.#state !== 'open') return;
    this.#waiting.push({ type: 'bye', reason });
    this.#state = 'ending';
    this.#closed();
    this.#tick();
  }

  next(): Promise<IteratorResult<EventBatch>> {
    return new Promise((resolve) => {
      this.#reader = resolve;
      if (this.#waiting.length > 0 || this.#state !== 'open') this.#tick();
    });
  }

  leave(): void {
    if (this.#state === 'closed') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'closed';
    this.#waiting = [];
    if (wasOpen) this.#closed();
    this.#hand();
  }

  #tick(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    this.#clock.soon(() => {
      this.#ticking = false;
      this.#hand();
    });
  }

  #hand(): void {
    const reader = this.#reader;
    if (!reader) return;
    if (this.#waiting.length > 0) {
      this.#reader = null;
      reader({ done: false, value: this.#waiting.splice(0) });
    } else if (this.#state !== 'open') {
      this.#reader = null;
      reader({ done: true, value: undefined });
    }
  }
}
