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
  turbopack: {
    root: new URL('../..', import.meta.url).pathname,
    rules: {
      '**/src/words/*/*.json': { loaders: ['./words-loader.mjs'], as: '*.js' },
    },
    // The catalogue comes compiled: the parser of its messages stays here.
    resolveAlias: { 'use-intl/format-message': 'use-intl/format-message/format-only' },
  },
};

export default withSerwist(config);
