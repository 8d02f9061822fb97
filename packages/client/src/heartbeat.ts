import type { Clock } from '@tidings/api/clock';
import { limits } from '@tidings/api/protocol';

/**
 * Notices that a line is dead though nobody said so: the network went away, the other end vanished. A quiet line is pinged; one
 * that stays quiet then is given up at once, since closing it in good form needs the other end.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #heard = true;
  #cancelPing: () => void = () => {};
  #cancelPong: (() => void) | null = null;

  constructor(parts: { clock: Clock; ping: () => void; dead: () => void }) {
    this.#clock = parts.clock;
    this.#ping = parts.ping;
    this.#dead = parts.dead;
  }

  start(): void {
    this.#cancelPing = this.#clock.after(limits.pingMs, () => {
      if (!this.#heard) this.check();
      this.#heard = false;
      this.start();
    });
  }

  /** Called for each frame, so it does next to nothing. */
  heard(): void {
    this.#heard = true;
    if (!this.#cancelPong) return;
    this.#cancelPong();
    this.#cancelPong = null;
  }

  check(): void {
    if (this.#cancelPong) return;
    this.#ping();
    this.#cancelPong = this.#clock.after(limits.pongMs, this.#dead);
  }

  stop(): void {
    this.#cancelPing();
    this.#cancelPong?.();
    this.#cancelPong = null;
  }
}
