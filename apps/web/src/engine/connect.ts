import { secureId, systemClock } from '@tidings/api/clock';
import { paths } from '@tidings/api/protocol';
import { createEngine } from '@tidings/client/engine';
import type { Engine } from '@tidings/client/engine-port';
import type { LocalStore } from '@tidings/client/local-store';
import { trpcTransport } from '@tidings/client/trpc-transport';
import type { Self } from './client';

/** Starts the engine on this device's store, with a line to the server that the page came from. */
export function connect({ userId, deviceId }: Self, store: LocalStore): Engine {
  const url = new URL(paths.socket, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return createEngine({
    self: { userId, deviceId },
    store,
    transport: trpcTransport({ url: url.href, deviceId, clock: systemClock }),
    clock: systemClock,
    random: Math.random,
    makeId: secureId,
    options: {
      isOnline: () => navigator.onLine,
      report: (error) => console.error(error),
    },
  });
}
