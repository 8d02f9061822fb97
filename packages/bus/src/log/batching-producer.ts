import type { Clock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';

/** More than this waiting: the broker is away or too slow, so refuse rather than grow. */
const maxWaiting = 10_000;
/** A broker takes 1 MB at most in one batch of a partition. */
const maxBatchChars = 500_000;
/** Whoever produces is told no later than this; what was under way may still arrive. */
const answerMs = 5_000;

/** A record as the broker takes it. */
export type EncodedRecord = { readonly key: string; readonly value: string };
export type TopicRecords = { readonly topic: string; readonly records: readonly EncodedRecord[] };

type Waiting = TopicRecords & { readonly chars: number; readonly done: (error?: unknown) => void };

/**
 * Sends what is produced within a tick together. One batch is under way at a time, so that a retry can't overtake what came
 * later; meanwhile the next one gathers.
 */
export class BatchingProducer {
  readonly #clock: Clock;
  readonly #send: (batch: readonly TopicRecords[]) => Promise<void>;
  readonly #waiting: Waiting[] = [];
  #waitingRecords = 0;
  #sending: Promise<void> | null = null;

  constructor(clock: Clock, send: (batch: readonly TopicRecords[]) => Promise<void>) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Rejects with `unavailable` when the broker doesn't take it within 5 s, or too much waits already. */
  produce({ topic, records }: TopicRecords): Promise<void> {
    if (records.length === 0) return Promise.resolve();
    if (this.#waitingRecords + records.length > maxWaiting)
      return Promise.reject(new TidingsError('unavailable', `${topic} is full`));
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(answerMs, () => reject(unavailable(topic)));
      const done = (error?: unknown) => {
        cancel();
        if (error === undefined) resolve();
        else reject(unavailable(topic, error));
      };
      const chars = records.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
      this.#waiting.push({ topic, records, chars, done });
      this.#waitingRecords += records.length;
      this.#sending ??= this.#sendAll();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.soon(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      const error = await this.#send(batch).then(
        () => undefined,
        (cause: unknown) => cause ?? new Error('not sent'),
      );
      for (const { done } of batch) done(error);
    }
    this.#sending = null;
  }

  #take(): readonly Waiting[] {
    let count = 0;
    for (let chars = 0; count < this.#waiting.length; count += 1) {
      chars += this.#waiting[count]?.chars ?? 0;
      if (count > 0 && chars > maxBatchChars) break;
    }
    const batch = this.#waiting.splice(0, count);
    this.#waitingRecords -= batch.reduce((sum, { records }) => sum + records.length, 0);
    return batch;
  }
}

const unavailable = (topic: string, cause?: unknown) =>
  new TidingsError('unavailable', `${topic} takes nothing`, { cause });
