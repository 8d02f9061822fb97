/** Envelopes, encoded, that wait to be sent to one handler. */
export class OutgoingQueue {
  readonly #maxQueued: number;
  #waiting: string[] = [];

  constructor(maxQueued: number) {
    this.#maxQueued = maxQueued;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** False when the oldest had to go to make room. */
  push(envelope: string): boolean {
    this.#waiting.push(envelope);
    if (this.#waiting.length <= this.#maxQueued) return true;
    this.#waiting.shift();
    return false;
  }

  /** The oldest, up to about `maxChars` together, but one at least. */
  take(maxChars: number): readonly string[] {
    let count = 0;
    for (let chars = 0; count < this.#waiting.length; count += 1) {
      chars += this.#waiting[count]?.length ?? 0;
      if (count > 0 && chars > maxChars) break;
    }
    return this.#waiting.splice(0, count);
  }
}
