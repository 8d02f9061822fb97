import type { DeviceStore } from './device-store';
import type { Query } from './queries';

/** A value that is kept up to date while somebody listens; `undefined` until it was read once. */
export type Live<T> = { get(): T | undefined; subscribe(listener: () => void): () => void };

/** How long the last value of a query that nobody listens to stays, so that coming back paints at once. */
const lingerMs = 30_000;

/** The live reads of a tab, one per key, however many views ask for it. */
export class LiveQueries {
  readonly #store: DeviceStore;
  readonly #running = new Map<string, RunningQuery<unknown>>();

  constructor(store: DeviceStore) {
    this.#store = store;
  }

  query<T>({ key, read, keep }: Query<T>): Live<T> {
    const known = this.#running.get(key);
    if (known) return known as RunningQuery<T>;
    const query = new RunningQuery<T>(
      (listener) => this.#store.live(read, listener),
      keep,
      () => this.#running.delete(key),
    );
    this.#running.set(key, query as RunningQuery<unknown>);
    return query;
  }

  /** Reads before a view asks, which then has the value in its first rendering. */
  ahead<T>(query: Query<T>): Promise<T> {
    const live = this.query(query);
    return new Promise((resolve) => {
      const look = () => {
        const value = live.get();
        if (value === undefined) return;
        stop();
        resolve(value);
      };
      const stop = live.subscribe(look);
      look();
    });
  }
}

class RunningQuery<T> implements Live<T> {
  readonly #start: (listener: (value: T) => void) => () => void;
  readonly #keep: (before: T | undefined, now: T) => T;
  readonly #forget: () => void;
  readonly #listeners = new Set<() => void>();
  #value: T | undefined;
  #stop: (() => void) | null = null;
  #lingering: ReturnType<typeof setTimeout> | undefined;

  constructor(
    start: (listener: (value: T) => void) => () => void,
    keep: (before: T | undefined, now: T) => T,
    forget: () => void,
  ) {
    this.#start = start;
    this.#keep = keep;
    this.#forget = forget;
  }

  get = (): T | undefined => this.#value;

  subscribe = (listener: () => void): (() => void) => {
    clearTimeout(this.#lingering);
    this.#listeners.add(listener);
    this.#stop ??= this.#start((value) => this.#set(value));
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#rest();
    };
  };

  #set(value: T): void {
    const kept = this.#keep(this.#value, value);
    if (Object.is(kept, this.#value)) return;
    this.#value = kept;
    for (const listener of [...this.#listeners]) listener();
  }

  #rest(): void {
    this.#lingering = setTimeout(() => {
      this.#stop?.();
      this.#stop = null;
      this.#forget();
    }, lingerMs);
  }
}
