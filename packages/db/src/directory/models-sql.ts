// For developers: the SQL that makes an empty SQLite database what the Prisma models say. A new migration starts as the
// difference between two runs of it, and a test holds the migrations against it. It is Prisma's own schema engine
// compiled to WebAssembly, since the native one has to be downloaded. (It can't do the same for MySQL.)
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg'

const models = join(import.meta.dirname, '../../../../prisma')

/** @returns SQL in the layout of Prisma's migration files; empty if there are no models. */
export async function sqlForModels(provider: 'sqlite'): Promise<string> {
  const files = ['schema.prisma', 'models.prisma'].map((name) => ({
    path: name,
    content: readFileSync(join(models, provider, name), 'utf8'),
  }))
  await loadEngine()
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaBetterSqlite3({ url: ':memory:' }))
  const datamodels = files.map(({ path, content }): [string, string] => [path, content])
  const schemaEngine = await engine.SchemaEngine.new({ datamodels }, () => {}, factory)
  const difference = await schemaEngine.diff({
    from: { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  return difference.stdout ?? ''
}

async function loadEngine() {
  const file = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg').replace(/js$/, 'wasm')
  const { instance } = await WebAssembly.instantiate(readFileSync(file), { './schema_engine_bg.js': engine })
  engine.__wbg_set_wasm(instance.exports)
  ;(instance.exports as { __wbindgen_start(): void }).__wbindgen_start()
}
