import type { Clock } from '@tidings/api/clock';
import type { HandlerId, Timestamp, UserId } from '@tidings/api/ids';
import type { Line } from './lines.ts';
import type { Logger } from './parts.ts';
import { logTrouble } from './trouble.ts';
import type { WebSocketManager } from './websocket-manager.ts';

/** As often as leases are renewed. */
const lookMs = 3_000;

export type NeighboursParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly manager: WebSocketManager;
  /** What every process has joined. */
  readonly topic: UserId;
  /** Something for this line may have gone nowhere, and may for `staleMs` more. */
  readonly doubtful: (line: Line) => void;
};

/**
 * The race of a device that arrives when the lease of its dead handler has just run out. Nobody is left in the registry who could be asked
 * to pass on what is for it; but who looked it up a moment before still believes in the dead one, and sends there. So this one looks who
 * is gone, and doubts for those who have arrived since it looked last.
 */
export class Neighbours {
  readonly #parts: NeighboursParts;
  #known: ReadonlySet<HandlerId> = new Set();
  #arrivedSince: Line[] = [];
  #doubtsUntil: Timestamp = 0;
  #cancel = () => {};

  constructor(parts: NeighboursParts) {
    this.#parts = parts;
  }

  run(): void {
    if (this.#parts.manager.staleMs === 0) return;
    this.#cancel = this.#parts.clock.after(lookMs, () => {
      this.run();
      void this.#look();
    });
  }

  stop(): void {
    this.#cancel();
  }

  /** And found nobody in the registry who serves its user as well. */
  arrived(line: Line): void {
    const { clock, manager, doubtful } = this.#parts;
    if (manager.staleMs === 0) return;
    if (clock.now() < this.#doubtsUntil) doubtful(line);
    else this.#arrivedSince.push(line);
  }

  async #look(): Promise<void> {
    const { clock, logger, manager, topic, doubtful } = this.#parts;
    try {
      const before = this.#arrivedSince.length;
      const there = new Set((await manager.byHandler([topic])).keys());
      const isGone = [...this.#known].some((handler) => !there.has(handler));
      this.#known = there;
      if (isGone) this.#doubtsUntil = clock.now() + manager.staleMs;
      if (isGone) for (const line of this.#arrivedSince) doubtful(line);
      // Who came while it looked may have come after what it saw.
      this.#arrivedSince = isGone ? [] : this.#arrivedSince.slice(before);
    } catch (error) {
      logTrouble(logger, error, 'it is not known which handlers are there');
    }
  }
}
