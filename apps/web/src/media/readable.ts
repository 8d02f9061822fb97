import type { Readable } from './port';

/** A value that can be followed; setting an equal one tells nobody. */
export class Cell<T> implements Readable<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get = (): T => this.#value;

  set(value: T): void {
    if (JSON.stringify(value) === JSON.stringify(this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** What `later` will tell, and `first` until then. */
export function lateReadable<T>(first: T, later: Promise<Readable<T>>): Readable<T> {
  let found: Readable<T> | null = null;
  void later.then((readable) => {
    found = readable;
  });
  return {
    get: () => (found ? found.get() : first),
    subscribe: (listener) => {
      let end = () => {};
      let ended = false;
      void later.then((readable) => {
        if (ended) return;
        end = readable.subscribe(listener);
        listener();
      });
      return () => {
        ended = true;
        end();
      };
    },
  };
}
