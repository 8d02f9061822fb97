import type { Clock, Running } from '@tidings/api/clock';
import type { HandlerId } from '@tidings/api/ids';
import { answered } from '@tidings/redis/connection';
import type { Redis } from 'ioredis';
import { OutgoingQueue } from './outgoing-queue.ts';
import type { Channel } from './port.ts';

const maxQueued = 10_000;
/** Redis buffers what it publishes for each listener, and cuts off who lets 32 MB pile up. */
const maxPublishChars = 1_000_000;
/** Publishes to one handler under way. More waits, and travels together: a slow Redis gets fewer and larger ones. */
const maxUnderWay = 8;
/** Who only listens would not notice that the line is dead: so it asks. */
const pingMs = 2_000;
const drainMs = 2_000;

type Listener<T> = { readonly take: (envelopes: readonly T[]) => void; readonly missed: () => void };
type Outgoing = { readonly queue: OutgoingQueue; underWay: number; scheduled: boolean };

export type RedisChannelParts = {
  readonly clock: Clock;
  /** In order between two handlers because each of them publishes on one connection. */
  readonly publisher: Redis;
  /** For this channel alone: a connection that listens does nothing else. */
  readonly subscriber: Redis;
  readonly prefix?: string;
};

/**
 * The channel between handlers of many processes, over publish and subscribe: nothing is stored.
 *
 * | channel, behind the prefix | what | who |
 * |---|---|---|
 * | `<handler>` | a tick's envelopes as one JSON array | the handler listens; whoever has something for it publishes |
 *
 * While Redis is away envelopes wait, up to the queue's bound. Those that were under way are lost, since nobody knows whether they
 * arrived; they count as dropped. What is published while a listener is away is lost as well, which nobody can count: so the
 * listener is told that it was away.
 */
export class RedisChannel<T> implements Channel<T>, Running {
  readonly #clock: Clock;
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  readonly #prefix: string;
  readonly #listeners = new Map<string, Listener<T>>();
  readonly #outgoing = new Map<HandlerId, Outgoing>();
  /** The same envelope for several handlers in a row is encoded once. */
  #lastEncoded: { readonly envelope: T; readonly text: string } | null = null;
  #dropped = 0;
  #stopped = false;
  #cancelPing = () => {};
  readonly #whenEmpty: (() => void)[] = [];

  constructor({ clock, publisher, subscriber, prefix = 'tidings:channel:' }: RedisChannelParts) {
    this.#clock = clock;
    this.#publisher = publisher;
    this.#subscriber = subscriber;
    this.#prefix = prefix;
    publisher.on('ready', this.#publishAll);
    subscriber.on('ready', this.#subscribeAgain);
    subscriber.on('message', this.#receive);
    this.#keepAsking();
  }

  send(to: HandlerId, envelope: T): void {
    if (this.#stopped) return;
    const outgoing = this.#outgoing.get(to) ?? this.#begin(to);
    if (!outgoing.queue.push(this.#encode(envelope))) this.#dropped += 1;
    if (outgoing.scheduled) return;
    outgoing.scheduled = true;
    this.#clock.soon(() => {
      outgoing.scheduled = false;
      this.#lastEncoded = null;
      this.#publish(to, outgoing);
    });
  }

  /** Rejects with `unavailable`. */
  async listen(
    handler: HandlerId,
    take: Listener<T>['take'],
    missed: () => void = () => {},
  ): Promise<() => Promise<void>> {
    const channel = this.#prefix + handler;
    const listener = { take, missed };
    this.#listeners.set(channel, listener);
    try {
      await answered(this.#subscriber.subscribe(channel));
    } catch (error) {
      this.#listeners.delete(channel);
      throw error;
    }
    return async () => {
      if (this.#listeners.get(channel) !== listener) return;
      this.#listeners.delete(channel);
      // Where this fails the connection is gone, and the subscription with it.
      await this.#subscriber.unsubscribe(channel).catch(() => {});
    };
  }

  dropped(): number {
    return this.#dropped;
  }

  /** Resolves when everything that was sent is with Redis, or lost: after 2 s whatever still waits for a connection. */
  async drain(): Promise<void> {
    if (this.#outgoing.size === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(drainMs, resolve);
      this.#whenEmpty.push(() => {
        cancel();
        resolve();
      });
    });
  }

  /** The connections are the caller's, and stay open. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancelPing();
    this.#publisher.off('ready', this.#publishAll);
    this.#subscriber.off('ready', this.#subscribeAgain);
    const channels = [...this.#listeners.keys()];
    this.#listeners.clear();
    if (channels.length > 0) await this.#subscriber.unsubscribe(...channels).catch(() => {});
    this.#subscriber.off('message', this.#receive);
  }

  #begin(to: HandlerId): Outgoing {
    const outgoing: Outgoing = { queue: new OutgoingQueue(maxQueued), underWay: 0, scheduled: false };
    this.#outgoing.set(to, outgoing);
    return outgoing;
  }

  #encode(envelope: T): string {
    if (this.#lastEncoded?.envelope !== envelope)
      this.#lastEncoded = { envelope, text: JSON.stringify(envelope) };
    return this.#lastEncoded.text;
  }

  #publish(to: HandlerId, outgoing: Outgoing): void {
    while (
      outgoing.queue.length > 0 &&
      outgoing.underWay < maxUnderWay &&
      this.#publisher.status === 'ready'
    ) {
      const envelopes = outgoing.queue.take(maxPublishChars);
      outgoing.underWay += 1;
      this.#publisher
        .publish(this.#prefix + to, `[${envelopes.join(',')}]`)
        .catch(() => {
          this.#dropped += envelopes.length;
        })
        .finally(() => {
          outgoing.underWay -= 1;
          this.#publish(to, outgoing);
        });
    }
    if (outgoing.queue.length > 0 || outgoing.underWay > 0 || outgoing.scheduled) return;
    this.#outgoing.delete(to);
    if (this.#outgoing.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  readonly #publishAll = (): void => {
    for (const [to, outgoing] of this.#outgoing) this.#publish(to, outgoing);
  };

  readonly #receive = (channel: string, message: string): void => {
    this.#listeners.get(channel)?.take(JSON.parse(message) as T[]);
  };

  /** After a reconnection. One that can't subscribe is of no use: the next may. */
  readonly #subscribeAgain = (): void => {
    const channels = [...this.#listeners.keys()];
    if (channels.length === 0) return;
    this.#subscriber.subscribe(...channels).then(
      () => {
        for (const channel of channels) this.#listeners.get(channel)?.missed();
      },
      () => {
        if (!this.#stopped) this.#subscriber.disconnect(true);
      },
    );
  };

  /** A line that doesn't answer is replaced by the connection's own time-out. */
  #keepAsking(): void {
    this.#cancelPing = this.#clock.after(pingMs, () => {
      this.#subscriber.ping().catch(() => {});
      this.#keepAsking();
    });
  }
}
