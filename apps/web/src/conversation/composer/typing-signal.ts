/** Others are told that one types for 6 s at a time: telling them again after half of that keeps it up. */
const againAfterMs = 3_000;

/** Tells that somebody types, seldom enough; and once when they stop. */
export class TypingSignal {
  readonly #tell: (typing: boolean) => void;
  #toldAt: number | null = null;

  constructor(tell: (typing: boolean) => void) {
    this.#tell = tell;
  }

  /** `now` by any clock that only goes forward, in ms. */
  typed(now: number): void {
    if (this.#toldAt !== null && now - this.#toldAt < againAfterMs) return;
    this.#toldAt = now;
    this.#tell(true);
  }

  stopped(): void {
    if (this.#toldAt === null) return;
    this.#toldAt = null;
    this.#tell(false);
  }
}
