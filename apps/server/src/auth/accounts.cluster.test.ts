import { systemClock } from '@tidings/api/clock';
import { openClusterDirectory } from '@tidings/db/directory/cluster';
import type { Directory } from '@tidings/db/directory/directory';
import { migrateMysql } from '@tidings/db/directory/mysql-migrate';
import { MysqlDatabase } from '@tidings/db/directory/testing/mysql-database';
import { TcpProxy } from '@tidings/db/directory/testing/tcp-proxy';
import { expect, inject, test, vi } from 'vitest';
import { Browser } from '../testing/browser.ts';
import { anna, describeAccounts, Edge, expectError } from './accounts-contract.ts';

async function openDirectory(through?: TcpProxy): Promise<Directory> {
  const database = await MysqlDatabase.make(inject('engines').mysql);
  await migrateMysql(database.primary);
  const primary = through?.to(database.name) ?? database.primary;
  const directory = await openClusterDirectory({ ...database, primary, clock: systemClock });
  return {
    ...directory,
    async close() {
      await directory.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

describeAccounts('MySQL, a primary with replicas', openDirectory);

test('without the primary signing up and in are unavailable, and work again when it is back', async () => {
  await using primary = await TcpProxy.open(inject('engines').mysql.primary);
  await using edge = await Edge.open(await openDirectory(primary));
  const browser = new Browser(edge.url);
  const signIn = () => new Browser(edge.url).post('/api/auth/sign-in', anna);
  expect((await browser.post('/api/auth/sign-up', anna)).status).toBe(200);
  // From here on the session is believed without the directory.
  expect((await browser.get('/api/auth/session')).status).toBe(200);
  primary.cut();
  await expectError(await signIn(), 'unavailable');
  await expectError(
    await new Browser(edge.url).post('/api/auth/sign-up', { ...anna, username: 'ben' }),
    'unavailable',
  );
  await expectError(
    await browser.post('/api/auth/password', { current: anna.password, next: 'battery staple' }),
    'unavailable',
  );
  primary.mend();
  await vi.waitFor(async () => expect((await signIn()).status).toBe(200), { timeout: 10_000 });
});
