import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContextOptions, test as base, expect } from '@playwright/test';
import { ServerProcess } from '../../support/server-process.ts';
import { OwnBrowser } from './own-browser.ts';
import { Person } from './person.ts';
import { TestLine } from './test-line.ts';

type Fixtures = {
  /** A server of this test's own, on a fresh data folder. */
  readonly server: TestServer;
  /** Signs somebody new up, in a browser profile of their own; `baseURL` when they come by another way than straight. */
  readonly join: (displayName: string, options?: BrowserContextOptions) => Promise<Person>;
  /** A line to the server, to be cut, slowed down or mended. */
  readonly line: TestLine;
  /** A browser of its own, whose profile lies on disk. */
  readonly ownBrowser: OwnBrowser;
};

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's shape
  server: async ({}, use) => {
    await using server = await TestServer.start();
    await use(server);
  },
  join: async ({ browser, server, contextOptions }, use) => {
    const people: Person[] = [];
    await use(async (displayName, options = {}) => {
      const context = await browser.newContext({ ...contextOptions, baseURL: server.url, ...options });
      const person = new Person(await context.newPage(), displayName);
      people.push(person);
      await person.signUp();
      return person;
    });
    for (const person of people) await person.page.context().close();
  },
  line: async ({ server }, use) => {
    await using line = await TestLine.to(server.url);
    await use(line);
  },
  ownBrowser: async ({ playwright }, use) => {
    await using browser = new OwnBrowser(playwright.chromium);
    await use(browser);
  },
});
export { expect };

/** The real server, which a test may kill and start again on the same data and address. */
export class TestServer implements AsyncDisposable {
  readonly dataDir: string;
  readonly #settings: Readonly<Record<string, string>>;
  #process: ServerProcess;

  private constructor(dataDir: string, settings: Readonly<Record<string, string>>, process: ServerProcess) {
    this.dataDir = dataDir;
    this.#settings = settings;
    this.#process = process;
  }

  static async start(settings: Readonly<Record<string, string>> = {}, dataDir?: string): Promise<TestServer> {
    const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'tidings-e2e-'));
    return new TestServer(folder, settings, await ServerProcess.start(folder, settings));
  }

  get url(): string {
    return this.#process.url;
  }

  /** Ends it as `signal` does. */
  async end(signal: NodeJS.Signals): Promise<void> {
    await this.#process.kill(signal);
  }

  /** On the same data and address; `settings` are those that are others now. */
  async startAgain(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#process = await ServerProcess.start(this.dataDir, {
      ...this.#settings,
      ...settings,
      PORT: new URL(this.url).port,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.kill('SIGTERM');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
