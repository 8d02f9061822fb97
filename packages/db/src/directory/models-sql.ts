import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';

const models = join(import.meta.dirname, '../../../../prisma/sqlite');

/**
 * For developers: the SQL that makes an empty SQLite database what the Prisma models say, in the layout of Prisma's
 * migration files. A new migration starts as what changed here, and a test holds the migrations against it. It is
 * Prisma's own engine compiled to WebAssembly, since the native one has to be downloaded. (For MySQL it panics.)
 */
export async function sqlForModels(): Promise<string> {
  const files = ['schema.prisma', 'models.prisma'].map((name) => ({
    path: name,
    content: readFileSync(join(models, name), 'utf8'),
  }));
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaBetterSqlite3({ url: ':memory:' }));
  const datamodels = files.map(({ path, content }): [string, string] => [path, content]);
  const engine = await SchemaEngine.new({ datamodels }, () => {}, factory);
  const difference = await engine.diff({
    from: { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return difference.stdout ?? '';
}
