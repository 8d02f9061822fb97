import { LRUCache as LibraryCache } from 'lru-cache';

const maxEntries = 64;

/** The library's cache, smaller than asked for. */
export class LRUCache<K extends {}, V extends {}, C = unknown> extends LibraryCache<K, V, C> {
  constructor(options: LibraryCache.Options<K, V, C>) {
    super(options.max ? { ...options, max: Math.min(options.max, maxEntries) } : options);
  }
}
