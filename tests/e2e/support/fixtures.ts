import { type BrowserContextOptions, test as base, expect, type TestInfo } from '@playwright/test';
import { ClusterServer } from './cluster-server.ts';
import { preparedEngines } from './engines.ts';
import { OneProcess } from './one-process.ts';
import { OwnBrowser } from './own-browser.ts';
import { Person } from './person.ts';
import { TestLine } from './test-line.ts';
import type { TestServer } from './test-server.ts';

export type Profile = 'embedded' | 'cluster';

type Fixtures = {
  /** A server that nobody has been to. */
  readonly server: TestServer;
  /** The same, for what only a cluster can do. */
  readonly cluster: ClusterServer;
  /** Signs somebody new up, in a browser profile of their own; `baseURL` when they come by another way than straight. */
  readonly join: (displayName: string, options?: BrowserContextOptions) => Promise<Person>;
  /** A line to the server, to be cut, slowed down or mended. */
  readonly line: TestLine;
  /** A browser of its own, whose profile lies on disk. */
  readonly ownBrowser: OwnBrowser;
};

type WorkerFixtures = {
  readonly profile: Profile;
  /** Null on the embedded profile, and where there are no engines. */
  readonly clusterOfWorker: ClusterServer | null;
};

export const test = base.extend<Fixtures, WorkerFixtures>({
  profile: ['embedded', { option: true, scope: 'worker' }],
  clusterOfWorker: [
    async ({ profile }, use) => {
      const { engines } = preparedEngines();
      if (profile === 'embedded' || engines === null) return use(null);
      await using cluster = await ClusterServer.make(engines);
      await use(cluster);
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  server: async ({ profile, clusterOfWorker }, use, testInfo) => {
    if (profile === 'cluster') return provideFresh(clusterOfWorker, use, testInfo);
    await using server = await OneProcess.start();
    await use(server);
  },
  cluster: async ({ server }, use) => {
    if (!(server instanceof ClusterServer)) throw new Error('this test is for a cluster only');
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

async function provideFresh(
  cluster: ClusterServer | null,
  use: (server: TestServer) => Promise<void>,
  testInfo: TestInfo,
): Promise<void> {
  testInfo.skip(cluster === null, preparedEngines().whyNot ?? '');
  if (cluster === null) return;
  await cluster.freshen();
  await use(cluster);
  if (testInfo.status !== testInfo.expectedStatus)
    await testInfo.attach('words of the processes', { body: cluster.words(), contentType: 'text/plain' });
}
