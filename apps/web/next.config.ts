import { withSerwist } from '@serwist/turbopack';
import type { NextConfig } from 'next';

const config: NextConfig = {
  // Plain files, which the server serves from memory: the client is an offline-first app and renders nothing there.
  output: 'export',
  transpilePackages: ['@tidings/api', '@tidings/client'],
  // `npm run check` does it, for the whole repository; who only starts Tidings need not wait for it.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  reactStrictMode: true,
  devIndicators: false,
  experimental: {
    // The page decides by itself what it shows: nothing asks whether another router has an address.
    clientRouterFilter: false,
    // There is one way to start, and few, large files compress better than many.
    turbopackChunking: {
      requestCost: 10_000_000,
      minChunkSize: 1_000_000,
      maxMergeChunkSize: 10_000_000,
      priorityRoutes: [/^\/$/],
      priorityBoost: 100,
    },
  },
  turbopack: {
    root: new URL('../..', import.meta.url).pathname,
    rules: {
      '**/src/words/*/*.json': { loaders: ['./words-loader.mjs'], as: '*.js' },
    },
    // The catalogue comes compiled: the parser of its messages stays here.
    resolveAlias: {
      'use-intl/format-message': 'use-intl/format-message/format-only',
      // The same, without the helpers for browsers that have no classes.
      dexie: 'dexie/dist/modern/dexie.mjs',
    },
  },
};

export default withSerwist(config);
