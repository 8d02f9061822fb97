import { systemClock } from '@tidings/api/clock';
import { inject } from 'vitest';
import { describeAdministration } from './administration-contract.ts';
import { describeAssetDirectory } from './asset-contract.ts';
import { describeBotDirectory } from './bot-contract.ts';
import { openClusterDirectory } from './cluster.ts';
import { describeDirectory } from './contract.ts';
import { migrateMysql } from './mysql-migrate.ts';
import { MysqlDatabase } from './testing/mysql-database.ts';
import { underTest } from './testing/under-test.ts';

async function open(replicas: readonly string[]) {
  const database = await MysqlDatabase.make({ ...inject('engines').mysql, replicas });
  await migrateMysql(database.primary);
  const directory = await openClusterDirectory({ ...database, clock: systemClock });
  return {
    ...underTest(directory),
    async close() {
      await directory.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

describeDirectory('MySQL, a primary alone', () => open([]));
describeDirectory('MySQL, a primary with replicas', () => open(inject('engines').mysql.replicas));
describeAssetDirectory('MySQL', () => open([]));
describeBotDirectory('MySQL', () => open([]));
describeAdministration('MySQL', () => open([]));
