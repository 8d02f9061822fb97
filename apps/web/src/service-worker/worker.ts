import { paths } from '@tidings/api/protocol';
import type { PrecacheEntry, SerwistGlobalConfig } from 'serwist';
import { CacheableResponsePlugin, CacheFirst, ExpirationPlugin, NavigationRoute, Serwist } from 'serwist';
import { flushOutbox } from './flush-outbox';
import { openFromNotification } from './open-from-notification';
import { play } from './play';
import { outboxSyncTag, pictureCache, playIdOf, takeOverMessage } from './shared';
import { workerScript } from './worker-script';

declare global {
  interface WorkerGlobalScope extends SerwistGlobalConfig {
    /** Put here by the build: every file of the app and its revision. */
    __SW_MANIFEST: (PrecacheEntry | string)[] | undefined;
  }
}

declare const self: ServiceWorkerGlobalScope;

const dayS = 24 * 3_600;
/** The pages of the app; what they show is in the query. */
const pages = ['/sign-in', '/sign-up', '/'] as const;

const serwist = new Serwist({
  precacheEntries: self.__SW_MANIFEST,
  // The page asks first (an update prompt), then tells the worker to take over.
  skipWaiting: false,
  clientsClaim: true,
  navigationPreload: false,
  disableDevLogs: true,
  runtimeCaching: [
    {
      matcher: ({ url, sameOrigin }) => sameOrigin && playIdOf(url.pathname) !== null,
      handler: async ({ event, request }) =>
        play(request, await self.clients.get((event as FetchEvent).clientId)),
    },
    {
      // Named by their hash: what was fetched once is right for ever.
      matcher: ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith(`${paths.pictures}/`),
      handler: new CacheFirst({
        cacheName: pictureCache,
        plugins: [
          new CacheableResponsePlugin({ statuses: [200] }),
          new ExpirationPlugin({ maxEntries: 500, maxAgeSeconds: 90 * dayS, purgeOnQuotaError: true }),
        ],
      }),
    },
  ],
});

for (const page of pages) {
  const allowlist = [page === '/' ? /^\/($|\?)/ : new RegExp(`^${page}($|\\?|/)`)];
  serwist.registerRoute(new NavigationRoute(serwist.createHandlerBoundToUrl(page), { allowlist }));
}

self.addEventListener('message', (event) => {
  if (event.data === takeOverMessage) void self.skipWaiting();
});

// Rejecting makes the browser try again later, on its own terms.
self.addEventListener('sync', (event) => {
  if (event.tag === outboxSyncTag) event.waitUntil(flushOutbox());
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openFromNotification(self.clients, event.notification.data));
});

// Before the listener that answers everything that is kept.
self.addEventListener('fetch', (event) => {
  if (event.request.destination !== 'worker') return;
  event.stopImmediatePropagation();
  event.respondWith(workerScript(serwist, event.request));
});

serwist.addEventListeners();
