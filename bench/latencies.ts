import { build, type Histogram } from 'hdr-histogram-js';

export type Percentiles = {
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
};

/** Latencies of 1 µs to 60 s with three significant digits. */
export class Latencies {
  readonly #histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
  });

  add(ms: number): void {
    this.#histogram.recordValue(Math.max(1, Math.round(ms * 1_000)));
  }

  get percentiles(): Percentiles {
    const at = (percentile: number): number => this.#histogram.getValueAtPercentile(percentile) / 1_000;
    return {
      count: this.#histogram.totalCount,
      p50Ms: at(50),
      p90Ms: at(90),
      p99Ms: at(99),
      maxMs: this.#histogram.maxValue / 1_000,
    };
  }
}

/** Calls `task` `perSecond` times a second for `seconds`, at even distances by the clock and not after each other's end (open loop). */
export async function atRate(
  perSecond: number,
  seconds: number,
  task: (index: number) => void,
): Promise<void> {
  const started = performance.now();
  const total = Math.round(perSecond * seconds);
  for (let index = 0; index < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1_000) * perSecond) + 1);
    while (index < due) task(index++);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
