import type { Clock, Random } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { ConversationId } from '@tidings/api/ids';
import { backoffMs } from './backoff.ts';

/** When something gets through, nobody rests for longer than this: what was broken is probably whole again. */
const hurriedMs = { least: 500, most: 1_500 } as const;

type Rest = {
  readonly attempts: number;
  /** The server asked for so long. */
  readonly notBefore: number;
  at: number;
  cancel: () => void;
  over: boolean;
};

/** Conversations whose last attempt failed, and which wait before the next one; longer each time. */
export class Rests {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onOver: () => void;
  readonly #rests = new Map<ConversationId, Rest>();

  constructor(parts: { readonly clock: Clock; readonly random: Random }, onOver: () => void) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#onOver = onOver;
  }

  /** It failed, and hasn't succeeded since. */
  knows(id: ConversationId): boolean {
    return this.#rests.has(id);
  }

  /** It may not be tried yet. */
  holds(id: ConversationId): boolean {
    return this.#rests.get(id)?.over === false;
  }

  begin(id: ConversationId, error: unknown): void {
    const attempts = (this.#rests.get(id)?.attempts ?? 0) + 1;
    const asked = error instanceof TidingsError ? (error.retryAfterMs ?? 0) : 0;
    const now = this.#clock.now();
    const at = now + backoffMs(attempts, this.#random, error);
    const rest: Rest = { attempts, notBefore: now + asked, at, over: false, cancel: () => {} };
    this.#rests.get(id)?.cancel();
    this.#rests.set(id, rest);
    this.#endAt(rest, at);
  }

  /** INV7: so that not the longest of all pauses decides when everything has gone. One by one, at random, for the server's sake. */
  hurry(): void {
    for (const rest of this.#rests.values()) {
      const soon = this.#clock.now() + hurriedMs.least + this.#random() * (hurriedMs.most - hurriedMs.least);
      if (!rest.over && rest.at > soon) this.#endAt(rest, Math.max(soon, rest.notBefore));
    }
  }

  end(id: ConversationId): void {
    this.#rests.get(id)?.cancel();
    this.#rests.delete(id);
  }

  endAll(): void {
    for (const id of [...this.#rests.keys()]) this.end(id);
  }

  #endAt(rest: Rest, at: number): void {
    rest.cancel();
    rest.at = at;
    rest.cancel = this.#clock.after(at - this.#clock.now(), () => {
      rest.over = true;
      this.#onOver();
    });
  }
}
