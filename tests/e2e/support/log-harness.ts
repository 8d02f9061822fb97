import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'esbuild';

/** The way into the page: see `apps/web/src/conversation/testing/harness.tsx`. */
type Harness = {
  /** What the engine was asked: method, then arguments. */
  readonly asked: readonly (readonly unknown[])[];
  readonly pages: number;
  seed(count: number): Promise<void>;
  holdFrom(count: number, from: number, delayMs: number): Promise<void>;
  append(count: number): Promise<void>;
  edit(at: number, text: string): Promise<void>;
  show(): void;
  hide(): void;
};

declare global {
  interface Window {
    readonly harness: Harness;
  }
}

const web = join(import.meta.dirname, '../../../apps/web/src');
const address = 'http://harness.test/';

const document = `<!doctype html><html lang="en"><head><title>Harness</title><link rel="stylesheet" href="/harness.css">
<style>html, body, #root { height: 100% } #root { display: flex; flex-direction: column }</style></head>
<body><div id="root"></div><script type="module" src="/harness.js"></script></body></html>`;

/** Opens a page that holds nothing but one conversation, on a store of its own and without a server. */
export async function openHarness(page: Page): Promise<void> {
  const files = await bundled;
  await page.route(`${address}**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const body = name === '' ? document : files.get(name);
    const contentType = name === '' ? 'text/html' : name.endsWith('.css') ? 'text/css' : 'text/javascript';
    return body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ contentType, body });
  });
  await page.goto(address);
  await page.waitForFunction(() => window.harness !== undefined);
}

const bundled = bundle();
// Nobody waits for it before the first test: its failure is that test's.
bundled.catch(() => {});

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const result = await build({
    entryPoints: [join(web, 'conversation/testing/harness.tsx')],
    bundle: true,
    splitting: true,
    format: 'esm',
    jsx: 'automatic',
    alias: { '@': web },
    define: { 'process.env.NODE_ENV': '"production"' },
    outdir: 'out',
    write: false,
    logLevel: 'error',
  });
  return new Map(result.outputFiles.map((file) => [file.path.split('/').at(-1) ?? '', file.text]));
}
