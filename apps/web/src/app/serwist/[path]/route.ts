// Becomes the files /serwist/sw.js and its map when the web app is built.
import { randomUUID } from 'node:crypto';
import { createSerwistRoute } from '@serwist/turbopack';

/** The app's pages; their chunks and the icons are found by themselves. */
const pages = ['/', '/sign-in', '/sign-up'];
/** Pages have no hash in their names: each build has its own. */
const revision = randomUUID();

export const { dynamic, dynamicParams, revalidate, generateStaticParams, GET } = createSerwistRoute({
  swSrc: 'src/service-worker/worker.ts',
  useNativeEsbuild: true,
  additionalPrecacheEntries: [...pages, '/manifest.webmanifest'].map((url) => ({ url, revision })),
});
