import type { SqlDriverAdapter, SqlDriverAdapterFactory, Transaction } from '@prisma/driver-adapter-utils';
import { expect, test } from 'vitest';
import { notingWrites, OwnWrites } from './own-writes.ts';

const query = (sql: string) => ({ sql, args: [], argTypes: [] });

async function connect(executeRaw: () => Promise<number> = async () => 1) {
  const queries = { queryRaw: async () => ({ columnNames: [], columnTypes: [], rows: [] }), executeRaw };
  const info = { provider: 'mysql', adapterName: 'test' } as const;
  const transaction: Transaction = {
    ...info,
    ...queries,
    options: { usePhantomQuery: true },
    commit: async () => {},
    rollback: async () => {},
  };
  const adapter: SqlDriverAdapter = {
    ...info,
    ...queries,
    executeScript: async () => {},
    startTransaction: async () => transaction,
    dispose: async () => {},
  };
  const factory: SqlDriverAdapterFactory = { ...info, connect: async () => adapter };
  const writes = new OwnWrites();
  return { writes, database: await notingWrites(factory, writes).connect() };
}

test.each([
  'INSERT INTO `db`.`user` (`id`) VALUES (?)',
  'INSERT IGNORE INTO `user` (`id`) VALUES (?)',
  'UPDATE `db`.`user` SET `name` = ?',
  'DELETE FROM `db`.`user` WHERE 1=1',
])('%s is a write to user, and to nothing else', async (sql) => {
  const { writes, database } = await connect();
  await database.executeRaw(query(sql));
  expect([writes.lastOf(['user']), writes.lastOf(['conversation'])]).toEqual([1, 0]);
});

test('reading is no write', async () => {
  const { writes, database } = await connect();
  await database.queryRaw(query('SELECT `db`.`user`.`id` FROM `db`.`user`'));
  expect(writes.count).toBe(0);
});

test('what isn’t understood may have written anywhere', async () => {
  const { writes, database } = await connect();
  await database.executeRaw(query('CALL something()'));
  expect(writes.lastOf(['conversation'])).toBe(1);
});

test('a write that failed may have been done', async () => {
  const { writes, database } = await connect(async () => {
    throw new Error('the connection is lost');
  });
  await expect(database.executeRaw(query('UPDATE `db`.`user` SET `name` = ?'))).rejects.toThrow('lost');
  expect(writes.lastOf(['user'])).toBe(1);
});

test('a transaction’s writes count from its commit on', async () => {
  const { writes, database } = await connect();
  const [kept, undone] = [await database.startTransaction(), await database.startTransaction()];
  await kept.executeRaw(query('UPDATE `db`.`user` SET `name` = ?'));
  await kept.executeRaw(query('INSERT INTO `db`.`user_word` (`word`) VALUES (?)'));
  await undone.executeRaw(query('UPDATE `db`.`conversation` SET `name` = ?'));
  expect(writes.count).toBe(0);
  await kept.commit();
  await undone.rollback();
  expect([writes.lastOf(['user']), writes.lastOf(['user_word']), writes.lastOf(['conversation'])]).toEqual([
    1, 1, 0,
  ]);
});
