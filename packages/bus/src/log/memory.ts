import type { Clock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { Log, LogRecord } from './port.ts';

const partitionCount = 16;
const maxBatch = 500;
/** More than this waiting in a partition: its consumer is stuck, so refuse rather than grow. */
const maxWaiting = 10_000;
const backoffMs = { first: 100, most: 5_000 } as const;

type Handle<T> = (records: readonly LogRecord<T>[]) => Promise<void>;

/** The log of one process. A group begins with its first consumer; what was produced before is not for it. */
export class MemoryLog<T> implements Log<T> {
  readonly #clock: Clock;
  readonly #topics = new Map<string, Map<string, Group<T>>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async produce(topic: string, records: readonly LogRecord<T>[]): Promise<void> {
    const groups = [...(this.#topics.get(topic)?.values() ?? [])];
    if (!groups.every((group) => group.hasRoom(records)))
      throw new TidingsError('unavailable', `${topic} is full`);
    for (const group of groups) group.take(records);
  }

  async consume(topic: string, group: string, handle: Handle<T>): Promise<() => Promise<void>> {
    const groups = this.#topics.get(topic) ?? new Map<string, Group<T>>();
    this.#topics.set(topic, groups);
    const members = groups.get(group) ?? new Group<T>(this.#clock);
    groups.set(group, members);
    return members.join(handle);
  }
}

/** `inHand`: how many of the first records are with a consumer now. */
type Partition<T> = { readonly waiting: LogRecord<T>[]; inHand: number };
type Consumer<T> = {
  readonly handle: Handle<T>;
  /** What it has in hand. */
  busy: Promise<void> | null;
  /** In a row. After one, it rests: `endRest` takes it out of that. */
  failures: number;
  endRest: (() => void) | null;
};

class Group<T> {
  readonly #clock: Clock;
  readonly #partitions = Array.from(
    { length: partitionCount },
    (): Partition<T> => ({ waiting: [], inHand: 0 }),
  );
  readonly #consumers: Consumer<T>[] = [];
  #waking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  hasRoom(records: readonly LogRecord<T>[]): boolean {
    return this.#partitions.every(({ waiting }) => waiting.length + records.length <= maxWaiting);
  }

  take(records: readonly LogRecord<T>[]): void {
    for (const record of records) this.#partitionOf(record.key).waiting.push(record);
    this.#wakeSoon();
  }

  /** The answer takes the consumer out, when what it has in hand is done. */
  join(handle: Handle<T>): () => Promise<void> {
    const consumer: Consumer<T> = { handle, busy: null, failures: 0, endRest: null };
    this.#consumers.push(consumer);
    this.#wakeSoon();
    return async () => {
      const at = this.#consumers.indexOf(consumer);
      if (at >= 0) this.#consumers.splice(at, 1);
      consumer.endRest?.();
      await consumer.busy;
      this.#wakeSoon();
    };
  }

  #wakeSoon(): void {
    if (this.#waking) return;
    this.#waking = true;
    this.#clock.soon(() => {
      this.#waking = false;
      for (const consumer of this.#consumers) this.#wake(consumer);
    });
  }

  #wake(consumer: Consumer<T>): void {
    if (consumer.endRest) return;
    consumer.busy ??= this.#work(consumer).finally(() => {
      consumer.busy = null;
    });
  }

  async #work(consumer: Consumer<T>): Promise<void> {
    for (let mine = this.#takeInHand(consumer); mine.length > 0; mine = this.#takeInHand(consumer)) {
      const batch = mine.flatMap(({ waiting, inHand }) => waiting.slice(0, inHand));
      const done = await succeeds(consumer, batch);
      for (const partition of mine) {
        if (done) partition.waiting.splice(0, partition.inHand);
        partition.inHand = 0;
      }
      // Partitions that went to others while this one had them in hand are free now.
      this.#wakeSoon();
      consumer.failures = done ? 0 : consumer.failures + 1;
      if (!done) return this.#rest(consumer);
    }
  }

  #rest(consumer: Consumer<T>): void {
    const ms = Math.min(backoffMs.first * 2 ** (consumer.failures - 1), backoffMs.most);
    const cancel = this.#clock.after(ms, () => {
      consumer.endRest = null;
      this.#wakeSoon();
    });
    consumer.endRest = () => {
      cancel();
      consumer.endRest = null;
    };
  }

  /** Partitions are dealt out in turn; one that another consumer still has in hand waits, so that a key keeps its order. */
  #takeInHand(consumer: Consumer<T>): Partition<T>[] {
    let room = maxBatch;
    return this.#partitions.filter((partition, at) => {
      const owner = this.#consumers[at % this.#consumers.length];
      if (owner !== consumer || partition.inHand > 0 || partition.waiting.length === 0 || room === 0)
        return false;
      partition.inHand = Math.min(partition.waiting.length, room);
      room -= partition.inHand;
      return true;
    });
  }

  #partitionOf(key: string): Partition<T> {
    let hash = 0;
    for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
    return this.#partitions[(hash >>> 0) % partitionCount] as Partition<T>;
  }
}

async function succeeds<T>({ handle }: Consumer<T>, batch: readonly LogRecord<T>[]): Promise<boolean> {
  try {
    await handle(batch);
    return true;
  } catch {
    return false;
  }
}
