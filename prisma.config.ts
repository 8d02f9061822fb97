import { defineConfig } from 'prisma/config';

// `generate` needs no schema engine but tries to download one unless this names an executable that exists. The
// real engine is wanted by `prisma migrate` only: to use that, set TIDINGS_PRISMA_MIGRATE=1.
if (!process.env.TIDINGS_PRISMA_MIGRATE) process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

/** "sqlite" is the embedded profile's directory, "mysql" the cluster profile's. */
const provider = process.env.TIDINGS_PRISMA ?? 'sqlite';

export default defineConfig({
  schema: `prisma/${provider}`,
  migrations: { path: `prisma/${provider}/migrations` },
  datasource: { url: process.env.DATABASE_URL ?? 'file:./data/directory.db' },
});
