import { randomBytes } from 'node:crypto';
import { systemClock } from '@tidings/api/clock';
import { afterAll, beforeAll, inject } from 'vitest';
import { dropKeyspace, migrateCassandra, type SchemaPart } from '../cassandra/migrate.ts';
import { type CassandraOptions, CassandraSession } from '../cassandra/session.ts';
import type { Opening } from './opening.ts';

/** The settings of a keyspace that this test file has to itself, with the tables of `parts`; gone afterwards. */
export function testKeyspace(...parts: readonly SchemaPart[]): CassandraOptions {
  const keyspace = `test_${randomBytes(6).toString('hex')}`;
  const options = { ...inject('engines').cassandra, keyspace, requestTimeoutMs: 20_000 };
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
