import type { Clock } from '@tidings/api/clock';
import type { HandlerId } from '@tidings/api/ids';
import type { Channel } from './port.ts';

const maxQueued = 10_000;

type Take<T> = (envelopes: readonly T[]) => void;

/** The channel between the handlers of one process, which all share one of these. */
export class MemoryChannel<T> implements Channel<T> {
  readonly #clock: Clock;
  readonly #listeners = new Map<HandlerId, Take<T>>();
  readonly #queues = new Map<HandlerId, T[]>();
  #dropped = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  send(to: HandlerId, envelope: T): void {
    const queue = this.#queues.get(to);
    if (!queue) {
      this.#queues.set(to, [envelope]);
      this.#clock.soon(() => this.#deliver(to));
      return;
    }
    queue.push(envelope);
    if (queue.length <= maxQueued) return;
    queue.shift();
    this.#dropped += 1;
  }

  async listen(handler: HandlerId, take: Take<T>): Promise<() => Promise<void>> {
    this.#listeners.set(handler, take);
    return async () => {
      if (this.#listeners.get(handler) === take) this.#listeners.delete(handler);
    };
  }

  dropped(): number {
    return this.#dropped;
  }

  #deliver(to: HandlerId): void {
    const envelopes = this.#queues.get(to);
    this.#queues.delete(to);
    if (envelopes) this.#listeners.get(to)?.(envelopes);
  }
}
