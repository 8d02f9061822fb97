// Becomes the files /serwist/sw.js and its map when the web app is built.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSerwistRoute } from '@serwist/turbopack';

/** The app's pages; their chunks and the icons are found by themselves. */
const pages = ['/', '/sign-in', '/sign-up'];
/** Pages have no hash in their names: each build has its own. */
const revision = randomUUID();

/** Imported as a namespace, zod comes without what isn't used of it, its forty languages above all: half of the worker. */
const leanZod = {
  name: 'lean-zod',
  setup(build: Build) {
    build.onLoad({ filter: /[\\/]packages[\\/](api|client)[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return {
        contents: source.replace("import { z } from 'zod'", "import * as z from 'zod'"),
        loader: 'ts',
      };
    });
  },
};

type Build = {
  onLoad(
    on: { filter: RegExp },
    load: (file: { path: string }) => Promise<{ contents: string; loader: 'ts' }>,
  ): void;
};

export const { dynamic, dynamicParams, revalidate, generateStaticParams, GET } = createSerwistRoute({
  swSrc: 'src/service-worker/worker.ts',
  useNativeEsbuild: true,
  esbuildOptions: { plugins: [leanZod] },
  additionalPrecacheEntries: [...pages, '/manifest.webmanifest'].map((url) => ({ url, revision })),
});
