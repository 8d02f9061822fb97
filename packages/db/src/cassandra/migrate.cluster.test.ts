import { systemClock } from '@tidings/api/clock';
import { afterAll, expect, test } from 'vitest';
import { sessionFor, someKeyspace } from '../testing/cassandra-keyspace.ts';
import { dropKeyspace, migrateCassandra } from './migrate.ts';

const keyspace = someKeyspace();
const options = { ...keyspace, replicationFactor: 1, clock: systemClock };
afterAll(() => dropKeyspace(keyspace));

test('several processes at once make everything once, and a later run finds nothing to do', async () => {
  const parts = ['last-seen', 'pictures'] as const;
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrateCassandra({ ...options, parts })));
  expect(applied.flat().sort()).toEqual([...parts].sort());
  expect(await migrateCassandra({ ...options, parts })).toEqual([]);
  const session = await sessionFor(keyspace);
  expect(await session.read('SELECT at FROM last_seen', [])).toEqual([]);
  const names = (await session.read('SELECT name FROM schema_part', [])).map(({ name }) => name);
  expect(names.sort()).toEqual([...parts].sort());
});

test('a run that died before it could say so is done again', async () => {
  const session = await sessionFor(keyspace);
  await session.write([{ query: 'DELETE FROM schema_part WHERE name = ?', params: ['pictures'] }]);
  expect(await migrateCassandra({ ...options, parts: ['last-seen', 'pictures'] })).toEqual(['pictures']);
});

test('a part that was changed after it was applied is refused', async () => {
  const session = await sessionFor(keyspace);
  const change = 'UPDATE schema_part SET checksum = ? WHERE name = ?';
  await session.write([{ query: change, params: ['another', 'last-seen'] }]);
  await expect(migrateCassandra({ ...options, parts: ['last-seen'] })).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('“last-seen” was changed'),
  });
});

test.each([
  { ...options, keyspace: 'Names; DROP KEYSPACE x' },
  { ...options, replicationFactor: 0 },
  { ...options, replicationFactor: 1.5 },
])('a setting that makes no keyspace is bad input', async (wrong) => {
  await expect(migrateCassandra(wrong)).rejects.toMatchObject({ code: 'bad-input' });
});
