import type { Clock } from '@tidings/api/clock';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { LogRecord } from './port.ts';

const maxBatch = 500;
const backoffMs = { first: 100, most: 5_000 } as const;

export type KafkaHandOptions<T> = {
  readonly handle: (records: readonly LogRecord<T>[]) => Promise<void>;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly onTrouble: (error: unknown) => void;
};

/**
 * The batch that a consumer has in hand. One that is rejected is handed over again after a while, with heartbeats in between,
 * unless the partitions are dealt out anew: then whoever has the partition next begins with it.
 */
export class KafkaHand<T> {
  readonly #options: KafkaHandOptions<T>;
  #stopped = false;
  /** Why the partitions are not this member's any more, until it has joined again. */
  #lost: unknown = null;
  #inHand: Promise<unknown> = Promise.resolve();
  /** In a row. */
  #failures = 0;
  #endRest = () => {};

  constructor(options: KafkaHandOptions<T>) {
    this.#options = options;
  }

  /** The driver's `eachBatch`: returns with the offsets of what was handled resolved, which the driver then commits. */
  async take({ batch, heartbeat, resolveOffset, isRunning }: EachBatchPayload): Promise<void> {
    const { messages } = batch;
    for (let from = 0; from < messages.length; from += maxBatch) {
      const some = messages.slice(from, from + maxBatch);
      const handled = this.#handle(this.#decode(some), heartbeat, isRunning);
      this.#inHand = handled.catch(() => {});
      if (!(await handled)) return;
      resolveOffset(some.at(-1)?.offset ?? batch.lastOffset());
    }
  }

  /** The partitions are this member's. */
  joined(): void {
    this.#lost = null;
  }

  /** Nothing is handed over any more. */
  stop(): void {
    this.#stopped = true;
    this.#endRest();
  }

  /** Resolves when nothing is in hand. */
  async empty(): Promise<void> {
    await this.#inHand;
  }

  /** What nobody can read is left out: it would be in the way for ever. */
  #decode(messages: readonly KafkaMessage[]): readonly LogRecord<T>[] {
    return messages.flatMap(({ key, value }) => {
      try {
        return [{ key: String(key), value: JSON.parse(String(value)) as T }];
      } catch (error) {
        this.#options.onTrouble(error);
        return [];
      }
    });
  }

  /** Again and again until it is done: then true. Throws when the partition is not this member's any more. */
  async #handle(
    records: readonly LogRecord<T>[],
    heartbeat: () => Promise<void>,
    isRunning: () => boolean,
  ): Promise<boolean> {
    const endBeats = this.#beat(heartbeat);
    try {
      while (!this.#stopped && isRunning()) {
        if (this.#lost) throw this.#lost;
        if (records.length === 0 || (await this.#succeeds(records))) return true;
        await this.#rest();
      }
      return false;
    } finally {
      endBeats();
    }
  }

  async #succeeds(records: readonly LogRecord<T>[]): Promise<boolean> {
    try {
      await this.#options.handle(records);
      this.#failures = 0;
      return true;
    } catch {
      this.#failures += 1;
      return false;
    }
  }

  async #rest(): Promise<void> {
    if (this.#stopped || this.#lost) return;
    const ms = Math.min(backoffMs.first * 2 ** (this.#failures - 1), backoffMs.most);
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      this.#endRest = () => {
        cancel();
        resolve();
      };
    });
  }

  /** While a batch is in hand nobody else tells the broker that this member lives. The answer ends it. */
  #beat(heartbeat: () => Promise<void>): () => void {
    const { clock, heartbeatMs } = this.#options;
    let ended = false;
    let cancel = () => {};
    const beatLater = () => {
      if (!ended && !this.#lost) cancel = clock.after(heartbeatMs, () => void beat());
    };
    const beat = async () => {
      try {
        await heartbeat();
      } catch (error) {
        // Anything else may pass.
        if (isMembershipOver(error)) this.#lose(error);
      }
      beatLater();
    };
    beatLater();
    return () => {
      ended = true;
      cancel();
    };
  }

  #lose(reason: unknown): void {
    this.#lost = reason;
    this.#endRest();
  }
}

const membershipErrors = new Set([
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'FENCED_INSTANCE_ID',
]);

const isMembershipOver = (error: unknown): boolean =>
  membershipErrors.has(String((error as { type?: unknown } | null)?.type));
