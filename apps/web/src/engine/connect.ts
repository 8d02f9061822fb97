import { secureId, systemClock } from '@tidings/api/clock';
import { paths } from '@tidings/api/protocol';
import { createEngine, type EngineOptions } from '@tidings/client/engine';
import type { Engine } from '@tidings/client/engine-port';
import { trpcTransport } from '@tidings/client/trpc-transport';
import type { Self } from './client';
import type { OverflowStore } from './overflow-store';

/** Starts the engine on this device's store, with a line to the server that the page came from. */
export function connect(
  { userId, deviceId }: Self,
  store: OverflowStore,
  assets: NonNullable<EngineOptions['assets']>,
): Engine {
  const url = new URL(paths.socket, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const engine = createEngine({
    self: { userId, deviceId },
    store,
    transport: trpcTransport({ url: url.href, deviceId, clock: systemClock }),
    clock: systemClock,
    random: Math.random,
    makeId: secureId,
    options: {
      assets,
      isOnline: () => navigator.onLine,
      unkept: (changes) => store.overflow(changes),
      report: (error) => console.error(error),
    },
  });
  engine.observe(({ trouble }) => {
    if (!trouble) store.drained();
  });
  return engine;
}
