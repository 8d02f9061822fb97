import { defineConfig } from 'vitest/config';

const never = ['**/node_modules/**', '**/out/**', '**/.next/**', '**/*.cluster.test.ts'];

export default defineConfig({
  test: {
    // Prisma's schema engine is a WebAssembly module, which Node calls experimental to import; for the other see warnings.ts.
    execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'],
    projects: [
      {
        resolve: { alias: { '@': new URL('apps/web/src', import.meta.url).pathname } },
        test: {
          name: 'unit',
          include: [
            'packages/**/*.test.ts',
            'apps/**/*.test.{ts,tsx}',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
            'tests/invariants/**/*.test.ts',
          ],
          exclude: never,
        },
      },
      {
        test: {
          name: 'simulation',
          include: ['tests/simulation/**/*.test.ts'],
          exclude: never,
          testTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['packages/**/*.cluster.test.ts', 'apps/**/*.cluster.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: 'tests/support/engines.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'public-api',
          include: ['tests/public-api/**/*.test.ts'],
          exclude: never,
          testTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'nemesis',
          include: ['tests/nemesis/**/*.test.ts'],
          exclude: never,
          testTimeout: 300_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'analytics',
          include: ['tests/analytics/**/*.test.ts'],
          globalSetup: 'tests/support/engines.ts',
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
