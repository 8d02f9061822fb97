import { randomBytes } from 'node:crypto';
import { systemClock } from '@tidings/api/clock';
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest';
import { dropKeyspace, migrateCassandra, type SchemaPart } from '../cassandra/migrate.ts';
import { type CassandraOptions, CassandraSession } from '../cassandra/session.ts';
import type { Opening } from './opening.ts';
import { type TcpProxy, tcpProxy } from './tcp-proxy.ts';

/** Options for a keyspace that nobody else has, which isn't made yet. */
export const someKeyspace = (): CassandraOptions => ({
  ...inject('engines').cassandra,
  keyspace: `test_${randomBytes(6).toString('hex')}`,
  // Many share the machine that runs this.
  requestTimeoutMs: 20_000,
});

/** A keyspace that this test file has to itself, with the tables of `parts`; gone afterwards. */
export function testKeyspace(...parts: readonly SchemaPart[]): CassandraOptions {
  const options = someKeyspace();
  beforeAll(
    async () =>
      void (await migrateCassandra({ ...options, replicationFactor: 1, clock: systemClock, parts })),
  );
  afterAll(() => dropKeyspace(options));
  return options;
}

/** One store of such a keyspace; `reopen` is what a process finds that starts anew. */
export function openingOf<T>(options: CassandraOptions, make: (session: CassandraSession) => T): Opening<T> {
  let session: CassandraSession | null = null;
  const reopen = async () => {
    await session?.stop();
    session = await CassandraSession.open(options);
    return make(session);
  };
  afterAll(() => session?.stop());
  return { open: reopen, reopen };
}

/** A session for one test: a process of its own, as far as Cassandra can tell. */
export async function sessionFor(options: CassandraOptions): Promise<CassandraSession> {
  const session = await CassandraSession.open(options);
  onTestFinished(() => session.stop());
  return session;
}

/** The same over a line that the test can spoil. */
export async function sessionOverProxy(
  options: CassandraOptions,
): Promise<{ readonly session: CassandraSession; readonly line: TcpProxy }> {
  const [host = '', port = '9042'] = (options.contactPoints[0] ?? '').split(':');
  const line = await tcpProxy({ host, port: Number(port) });
  const session = await sessionFor({ ...options, contactPoints: [`127.0.0.1:${line.port}`] });
  return { session, line };
}
