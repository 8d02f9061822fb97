const parts = 64;

/** How loud a recording is over its length, as a message carries it: 64 values of 0–255, the loudest being 255. */
export class Loudness {
  readonly #sums = new Float64Array(parts);
  readonly #counts = new Float64Array(parts);
  readonly #seconds: number;

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  /** Samples of ±1, beginning at `at` seconds. */
  add(at: number, samples: Float32Array): void {
    const part = Math.max(0, Math.min(parts - 1, Math.floor((at / this.#seconds) * parts) || 0));
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    this.#sums[part] = (this.#sums[part] ?? 0) + sum;
    this.#counts[part] = (this.#counts[part] ?? 0) + samples.length;
  }

  /** Base64. Silence is zero. */
  waveform(): string {
    const levels = Array.from(this.#sums, (sum, part) =>
      Math.sqrt(sum / Math.max(1, this.#counts[part] ?? 1)),
    );
    const loudest = Math.max(...levels);
    const bytes = levels.map((level) => (loudest === 0 ? 0 : Math.round((level / loudest) * 255)));
    return btoa(String.fromCharCode(...bytes));
  }
}
