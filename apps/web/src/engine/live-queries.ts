import type { DeviceStore, LocalReads } from './device-store';

/** A value that is kept up to date while somebody listens; `undefined` until it was read once. */
export type Live<T> = { get(): T | undefined; subscribe(listener: () => void): () => void };

/** How long the last value of a query that nobody listens to stays, so that coming back paints at once. */
const lingerMs = 30_000;

/** The live reads of a tab, one per key, however many views ask for it. */
export class LiveQueries {
  readonly #store: DeviceStore;
  readonly #queries = new Map<string, Query<unknown>>();

  constructor(store: DeviceStore) {
    this.#store = store;
  }

  /** Whoever gives the same key means the same read. `keep` makes the new value from as much of the old as is equal. */
  query<T>(
    key: string,
    read: (reads: LocalReads) => Promise<T>,
    keep: (before: T | undefined, now: T) => T,
  ): Live<T> {
    const known = this.#queries.get(key);
    if (known) return known as Query<T>;
    const query = new Query<T>(
      (listener) => this.#store.live(read, listener),
      keep,
      () => this.#queries.delete(key),
    );
    this.#queries.set(key, query as Query<unknown>);
    return query;
  }
}

class Query<T> implements Live<T> {
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
