import { registerHooks } from 'node:module';

/**
 * Imported before anything of the server, this gives it caches of at most a few entries: they take no time to make, for servers that
 * live for a few milliseconds, and they forget, as full ones do.
 */
registerHooks({
  resolve(specifier, context, next) {
    const isTheirs = specifier === 'lru-cache' && context.parentURL !== small;
    return isTheirs
      ? { url: small, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context);
  },
});

const small = new URL('./small-lru-cache.ts', import.meta.url).href;
