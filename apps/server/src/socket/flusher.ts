import type { Clock } from '@tidings/api/clock';
import { textFrame } from './text-frame.ts';
import { eventsAnswer } from './wire.ts';

export interface Flushable {
  flush(frames: FrameCache): void;
}

/**
 * Lets every socket write once per tick what gathered for it, and lets those that got the same share one buffer: an event to
 * a group is encoded once and framed once, however many members are here.
 */
export class Flusher {
  readonly #clock: Clock;
  readonly #frames = new FrameCache();
  #waiting: Flushable[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(socket: Flushable): void {
    if (this.#waiting.push(socket) === 1) this.#clock.soon(() => this.#flush());
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const socket of waiting) socket.flush(this.#frames);
    this.#frames.clear();
  }
}

/** The last few frames made in this tick. */
export class FrameCache {
  #made: { readonly wireId: string; readonly events: readonly string[]; readonly frame: Buffer }[] = [];

  /** A message of tRPC's wire that carries these events, as `wireId` subscribed to them. */
  of(wireId: string, events: readonly string[]): Buffer {
    for (const made of this.#made) if (made.wireId === wireId && same(made.events, events)) return made.frame;
    const frame = textFrame(eventsAnswer(wireId, events));
    if (this.#made.length === 8) this.#made.shift();
    this.#made.push({ wireId, events, frame });
    return frame;
  }

  clear(): void {
    if (this.#made.length > 0) this.#made = [];
  }
}

/** Events that were encoded once are the same string: comparing them costs no more than their number. */
function same(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
