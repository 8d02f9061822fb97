import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, wait } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { Client, types } from 'cassandra-driver';
import { toDomainError } from './errors.ts';
import { schemaAgreement } from './schema-agreement.ts';
import { type CassandraOptions, makeClient } from './session.ts';

/** A file each in `schema/`, in the order in which they are applied. */
export const schemaParts = ['messages', 'watermarks', 'account-states', 'last-seen', 'pictures'] as const;
export type SchemaPart = (typeof schemaParts)[number];

export type MigrationOptions = CassandraOptions & {
  /** Copies of each row in the local data centre; 3 where it matters. Fixed when the keyspace is made. */
  readonly replicationFactor: number;
  readonly clock: Clock;
  readonly parts?: readonly SchemaPart[];
};

/** Changing the schema may take seconds, on a busy cluster many. */
const ddlTimeoutMs = 60_000;
const lockSeconds = 120;
const lockRetryMs = 250;

/**
 * Makes the keyspace and its tables, and answers the parts that this call applied. It may be run again, and by several
 * processes at once: the parts that are there are left alone, and one process at a time changes anything. When it
 * resolves, every node that is up knows the tables.
 *
 * A part that was applied is recorded with the checksum of its file. Throws `internal` when the file was changed since: a
 * change of a table that exists is a new part. Rejects with `unavailable` when Cassandra can't be reached.
 */
export async function migrateCassandra(options: MigrationOptions): Promise<SchemaPart[]> {
  const client = makeClient({ ...options, requestTimeoutMs: ddlTimeoutMs });
  try {
    await client.connect();
    const ask = askingOneNode(client);
    if (await makeKeyspace(ask, options)) await schemaAgreement(client, options.clock);
    const applied = await applyMissing(ask, options);
    await schemaAgreement(client, options.clock);
    return applied;
  } catch (error) {
    throw toDomainError(error);
  } finally {
    await client.shutdown();
  }
}

/** Drops everything. For tests and for `wipe`. */
export async function dropKeyspace(options: CassandraOptions): Promise<void> {
  const client = makeClient({ ...options, requestTimeoutMs: ddlTimeoutMs });
  try {
    await client.connect();
    await client.execute(`DROP KEYSPACE IF EXISTS ${checkedName(options.keyspace)}`);
  } catch (error) {
    throw toDomainError(error);
  } finally {
    await client.shutdown();
  }
}

type Ask = (query: string, params?: readonly unknown[]) => Promise<types.ResultSet>;
type Part = { readonly name: SchemaPart; readonly cql: string; readonly checksum: string };

/** Nodes learn of a change one after the other: what builds on it is asked of the node that made it. */
function askingOneNode(client: Client): Ask {
  const host = client.hosts.values().find((one) => one.isUp());
  return (query, params = []) =>
    client.execute(query, [...params], { prepare: params.length > 0, ...(host && { host }) });
}

/**
 * The keyspace and the table that says what was applied; false when they were there. Two nodes that make a table at the same
 * moment would give it two ids, and the cluster would hold two tables of one name: so this one's id is made from its name.
 */
async function makeKeyspace(
  ask: Ask,
  { keyspace, localDataCenter, replicationFactor }: MigrationOptions,
): Promise<boolean> {
  const name = checkedName(keyspace);
  if (!Number.isInteger(replicationFactor) || replicationFactor < 1)
    throw new TidingsError('bad-input', `not a replication factor: ${replicationFactor}`);
  if (!/^[\w.-]+$/.test(localDataCenter))
    throw new TidingsError('bad-input', `not the name of a data centre: ${localDataCenter}`);
  const known = await ask(
    'SELECT table_name FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?',
    [keyspace, 'schema_part'],
  );
  if (known.rowLength > 0) return false;
  await ask(
    `CREATE KEYSPACE IF NOT EXISTS ${name}
     WITH replication = {'class': 'NetworkTopologyStrategy', '${localDataCenter}': ${replicationFactor}}`,
  );
  await ask(
    `CREATE TABLE IF NOT EXISTS ${name}.schema_part (name text PRIMARY KEY, checksum text, owner text)
     WITH id = ${uuidFrom(`${keyspace}.schema_part`)}`,
  );
  return true;
}

async function applyMissing(ask: Ask, options: MigrationOptions): Promise<SchemaPart[]> {
  const parts = (options.parts ?? schemaParts).map(readPart);
  const absent = async () => missing(parts, await appliedParts(ask, options.keyspace));
  if ((await absent()).length === 0) return [];
  return await locked(ask, options, async () => {
    const left = await absent();
    for (const part of left) await apply(ask, options.keyspace, part);
    return left.map(({ name }) => name);
  });
}

function readPart(name: SchemaPart): Part {
  const cql = readFileSync(join(import.meta.dirname, 'schema', `${name}.cql`), 'utf8');
  return { name, cql, checksum: createHash('sha256').update(cql).digest('hex') };
}

async function appliedParts(ask: Ask, keyspace: string): Promise<ReadonlyMap<string, string>> {
  const result = await ask(`SELECT name, checksum FROM ${checkedName(keyspace)}.schema_part`);
  return new Map(result.rows.flatMap(({ name, checksum }) => (checksum ? [[name, checksum]] : [])));
}

function missing(parts: readonly Part[], applied: ReadonlyMap<string, string>): Part[] {
  for (const { name, checksum } of parts)
    if ((applied.get(name) ?? checksum) !== checksum)
      throw new TidingsError('internal', `the schema “${name}” was changed after it was applied`);
  return parts.filter(({ name }) => !applied.has(name));
}

/** Statements are idempotent each, so one that failed half-way is done again from its start. */
async function apply(ask: Ask, keyspace: string, { name, cql, checksum }: Part): Promise<void> {
  for (const statement of statementsOf(cql))
    await ask(statement.replace('CREATE TABLE IF NOT EXISTS ', `$&${checkedName(keyspace)}.`));
  await ask(`INSERT INTO ${checkedName(keyspace)}.schema_part (name, checksum) VALUES (?, ?)`, [
    name,
    checksum,
  ]);
}

const statementsOf = (cql: string): string[] =>
  cql
    .replace(/^--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

/** The lock goes by itself when its owner dies: changing the schema twice does no harm then, only at once. */
async function locked<T>(
  ask: Ask,
  { keyspace, clock }: MigrationOptions,
  work: () => Promise<T>,
): Promise<T> {
  const [table, owner] = [`${checkedName(keyspace)}.schema_part`, randomUUID()];
  const take = `INSERT INTO ${table} (name, owner) VALUES ('lock', ?) IF NOT EXISTS USING TTL ${lockSeconds}`;
  while (!(await ask(take, [owner])).wasApplied()) await wait(clock, lockRetryMs);
  try {
    return await work();
  } finally {
    await ask(`DELETE FROM ${table} WHERE name = 'lock' IF owner = ?`, [owner]);
  }
}

/** Names can't be parameters. */
function checkedName(keyspace: string): string {
  if (!/^[a-z][a-z0-9_]{0,47}$/.test(keyspace))
    throw new TidingsError('bad-input', `not a name for a keyspace: ${keyspace}`);
  return keyspace;
}

function uuidFrom(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
