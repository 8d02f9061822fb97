/**
 * Records in topics, in order per key, at least once to each consumer group while the process or broker lives.
 * What it loses costs latency only: the message store is the truth, and devices read it.
 */
export interface Log<T> {
  /** Resolves when the log took the records. Rejects with `unavailable`; callers don't wait for it on the send path. */
  produce(topic: string, records: readonly LogRecord<T>[]): Promise<void>;
  /**
   * One consumer of a group: each key goes to one consumer of the group, its records in order, a batch at a time; the next batch
   * comes when `handle` resolved. When it rejects, the batch comes again after a backoff of 100 ms to 5 s.
   */
  consume(
    topic: string,
    group: string,
    handle: (records: readonly LogRecord<T>[]) => Promise<void>,
  ): Promise<() => Promise<void>>;
}

export type LogRecord<T> = { readonly key: string; readonly value: T };
