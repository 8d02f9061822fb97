import type { Caller } from '@tidings/api/trpc';

/** What is on one device's screen. */
type Watch<K> = { readonly caller: Caller; readonly keys: ReadonlySet<K> };

/** Which connections of this handler watch what, both ways round. */
export class Watches<K> {
  readonly #byConnection = new Map<object, Watch<K>>();
  readonly #watchers = new Map<K, Set<object>>();

  /** Replaces what the connection watched. Answers the keys that got their first watcher here, and those that lost their last. */
  set(connection: object, caller: Caller, keys: Iterable<K>): { readonly begun: K[]; readonly ended: K[] } {
    const before = this.#byConnection.get(connection)?.keys ?? new Set<K>();
    const now = new Set(keys);
    if (now.size > 0) this.#byConnection.set(connection, { caller, keys: now });
    else this.#byConnection.delete(connection);
    const begun = [...now].filter((key) => !before.has(key) && this.#add(key, connection));
    const ended = [...before].filter((key) => !now.has(key) && this.#remove(key, connection));
    return { begun, ended };
  }

  /** The connection is gone: the keys that lost their last watcher. */
  drop(connection: object): K[] {
    const watch = this.#byConnection.get(connection);
    this.#byConnection.delete(connection);
    return [...(watch?.keys ?? [])].filter((key) => this.#remove(key, connection));
  }

  has(key: K): boolean {
    return this.#watchers.has(key);
  }

  keys(): Iterable<K> {
    return this.#watchers.keys();
  }

  of(key: K): { readonly connection: object; readonly caller: Caller }[] {
    return [...(this.#watchers.get(key) ?? [])].flatMap((connection) => {
      const watch = this.#byConnection.get(connection);
      return watch ? [{ connection, caller: watch.caller }] : [];
    });
  }

  #add(key: K, connection: object): boolean {
    const watchers = this.#watchers.get(key);
    if (watchers) watchers.add(connection);
    else this.#watchers.set(key, new Set([connection]));
    return !watchers;
  }

  #remove(key: K, connection: object): boolean {
    const watchers = this.#watchers.get(key);
    watchers?.delete(connection);
    return watchers?.size === 0 && this.#watchers.delete(key);
  }
}
