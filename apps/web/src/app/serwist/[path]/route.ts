// Becomes the files /serwist/sw.js and its map when the web app is built.
import { randomUUID } from 'node:crypto';
import { createSerwistRoute } from '@serwist/turbopack';

export const { dynamic, dynamicParams, revalidate, generateStaticParams, GET } = createSerwistRoute({
  swSrc: 'src/worker/sw.ts',
  useNativeEsbuild: true,
  // The one page of the app; its chunks are found by themselves.
  additionalPrecacheEntries: [{ url: '/', revision: randomUUID() }],
});
