import { join, resolve } from 'node:path';
import { usernameSchema } from '@tidings/api/fields';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '../../..');

const whole = (what: string, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, what)
    .transform(Number)
    .refine((value) => value >= min && value <= max, what);

const oneOf = <const T extends readonly string[]>(values: T) => {
  const quoted = values.map((value) => `“${value}”`);
  return z.enum(values, `must be ${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`);
};

const origin = (value: string): boolean =>
  URL.canParse(value) && new URL(value).origin === value && /^https?:/.test(value);
const urlOf = (protocol: string) => (value: string) =>
  URL.canParse(value) && new URL(value).protocol === protocol && new URL(value).hostname !== '';
const database = (value: string): boolean =>
  urlOf('mysql:')(value) && /^\/\w{1,64}$/.test(new URL(value).pathname);
const hostAndPort = (value: string): boolean => /^(\[[\da-f:.]+\]|[\w.-]+):\d{1,5}$/i.test(value);

const list = z.string().transform((value) => value.split(/[\s,]+/).filter((part) => part !== ''));
const addresses = (example: string) => {
  const what = `must be host:port, with commas between several, for example ${example}`;
  return list.refine((values) => values.length > 0 && values.every(hostAndPort), what);
};
const redis = z
  .string()
  .refine(
    (value) => urlOf('redis:')(value) || urlOf('rediss:')(value),
    'must be a redis:// or rediss:// address',
  );

/**
 * Every setting there is, as the environment spells it. docs/operations.md describes each of them, and a test compares the two. The
 * messages go on from “The setting X …”.
 */
export const settings = z.object({
  PORT: whole('must be a whole number from 0 to 65535 (0 takes any free port)', 0, 65_535).default(3000),
  HOST: z
    .string()
    .regex(
      /^[A-Za-z0-9.:_-]+$/,
      'must be an address to listen at, for example 127.0.0.1, or 0.0.0.0 for every network',
    )
    .default('127.0.0.1'),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: z
    .string()
    .transform((value) => value.replace(/\/$/, ''))
    .refine(origin, 'must be an address without a path, for example https://chat.example.org')
    .transform((value) => new URL(value))
    .optional(),
  ALLOWED_ORIGINS: list
    .refine(
      (values) => values.every(origin),
      'must be origins with commas between them, for example https://chat.example.org',
    )
    .default([]),
  SIGN_UP: oneOf(['open', 'invite']).default('open'),
  RETENTION: oneOf(['keep', 'delete-after-delivery']).default('keep'),
  LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  TRUST_PROXY: whole(
    'must be the number of reverse proxies in front of the server, from 0 to 10',
    0,
    10,
  ).default(0),
  OPERATORS: list
    .refine(
      (values) => values.every((value) => usernameSchema.safeParse(value).success),
      'must be usernames with commas between them',
    )
    .transform((values) => values.map((value) => value.toLowerCase()))
    .default([]),
  METRICS: oneOf(['loopback', 'everyone', 'off']).default('loopback'),
  WEB_DIR: z.string().default(join(root, 'apps/web/out')),
  WEB_DEV_URL: z.string().refine(origin, 'must be an address such as http://127.0.0.1:3100').optional(),

  ASSET_MAX_MB: whole('must be the size of the largest file in MiB, from 1 to 8192', 1, 8_192).default(2_048),
  ASSET_QUOTA_MB: whole(
    'must be how many MiB of files each user may have here, from 0 (no limit) to 999999',
    0,
    999_999,
  ).default(10_240),

  SESSION_SECRET: z
    .string('must be set, to at least 32 random bytes, the same for all processes')
    .refine(
      (value) => Buffer.byteLength(value) >= 32,
      'must have at least 32 random bytes, for example what `openssl rand -base64 32` prints',
    ),
  ASSET_LINK_SECRET: z
    .string('must be set, to at least 32 random bytes, the same for all processes and for the edge')
    .refine(
      (value) => Buffer.byteLength(value) >= 32,
      'must have at least 32 random bytes, for example what `openssl rand -base64 32` prints',
    ),
  HANDLER_ID: z
    .string()
    .regex(/^[\w-]{8,64}$/, 'must have 8 to 64 letters, digits, - or _, and be another for each process')
    .optional(),
  CASSANDRA_CONTACT_POINTS: addresses('10.0.0.1:9042,10.0.0.2:9042').default(['127.0.0.1:9042']),
  CASSANDRA_LOCAL_DATACENTER: z.string().default('datacenter1'),
  CASSANDRA_KEYSPACE: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,47}$/, 'must be a name of at most 48 small letters, digits and _')
    .default('tidings'),
  CASSANDRA_REPLICATION_FACTOR: whole('must be how many nodes keep each row, from 1 to 7', 1, 7).default(1),
  REDIS_URL: redis.default('redis://127.0.0.1:6379'),
  REDIS_CACHE_URL: redis.default('redis://127.0.0.1:6380'),
  S3_ENDPOINT: z
    .string()
    .refine(origin, 'must be an address without a path, for example http://127.0.0.1:7070')
    .optional(),
  S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'must be a region, for example us-east-1')
    .default('us-east-1'),
  S3_BUCKET: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'must be the name of a bucket: 3 to 63 small letters, digits, - and .',
    )
    .default('tidings-assets'),
  S3_ACCESS_KEY_ID: z.string('must be set, to the id of a key that may use the bucket'),
  S3_SECRET_ACCESS_KEY: z.string('must be set, to the secret of that key'),
  KAFKA_BROKERS: addresses('10.0.0.1:9092,10.0.0.2:9092').default(['127.0.0.1:9092']),
  KAFKA_GROUP_PARTITIONS: whole(
    'must be how many group message handlers may share the work, from 1 to 1000',
    1,
    1_000,
  ).default(16),
  DATABASE_URL: z
    .string('must be set, to mysql://user:password@host:3306/database')
    .refine(database, 'must be mysql://user:password@host:3306/database'),
  DATABASE_REPLICA_URLS: list
    .refine(
      (values) => values.every(database),
      'must be addresses as DATABASE_URL is, with commas between them',
    )
    .default([]),
});

export type Settings = z.infer<typeof settings>;
export type SettingName = keyof Settings;

/** Never repeated in a message: they are secrets, or hold a password. */
export const secretSettings: ReadonlySet<string> = new Set<SettingName>([
  'SESSION_SECRET',
  'ASSET_LINK_SECRET',
  'S3_SECRET_ACCESS_KEY',
  'DATABASE_URL',
  'DATABASE_REPLICA_URLS',
  'REDIS_URL',
  'REDIS_CACHE_URL',
]);

const listening = ['PORT', 'HOST', 'LOG_LEVEL', 'METRICS', 'TRUST_PROXY'] as const;
const people = ['PUBLIC_URL', 'ALLOWED_ORIGINS', 'OPERATORS'] as const;
const assets = ['ASSET_MAX_MB', 'ASSET_QUOTA_MB'] as const;
const engines = [
  'S3_ENDPOINT',
  'S3_REGION',
  'S3_BUCKET',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
  'CASSANDRA_CONTACT_POINTS',
  'CASSANDRA_LOCAL_DATACENTER',
  'CASSANDRA_KEYSPACE',
  'CASSANDRA_REPLICATION_FACTOR',
  'REDIS_URL',
  'REDIS_CACHE_URL',
  'KAFKA_BROKERS',
  'KAFKA_GROUP_PARTITIONS',
  'DATABASE_URL',
  'DATABASE_REPLICA_URLS',
] as const;
const cluster = [...engines, 'RETENTION', 'HANDLER_ID'] as const;

/** What a part of a process needs to know. */
export type ListenSettings = Pick<Settings, (typeof listening)[number]>;
export type PeopleSettings = Pick<Settings, (typeof people)[number]>;
export type AssetSettings = Pick<Settings, (typeof assets)[number]>;
export type EngineSettings = Pick<Settings, (typeof engines)[number]>;
export type ClusterSettings = Pick<Settings, (typeof cluster)[number]>;

/** Who reads what. A setting that a process doesn't read may have any value. */
export const settingsOf = {
  embedded: [
    ...listening,
    ...people,
    ...assets,
    'SIGN_UP',
    'DATA_DIR',
    'RETENTION',
    'WEB_DIR',
    'WEB_DEV_URL',
  ],
  handler: [...listening, ...people, ...assets, ...cluster, 'SESSION_SECRET', 'ASSET_LINK_SECRET', 'SIGN_UP'],
  web: [
    ...[...listening, ...people, ...assets, ...cluster],
    ...(['SESSION_SECRET', 'ASSET_LINK_SECRET', 'SIGN_UP', 'WEB_DIR'] as const),
  ],
  'group-handler': [...listening, ...cluster],
  migrate: [...engines, 'LOG_LEVEL', 'SIGN_UP'],
} as const satisfies Record<string, readonly SettingName[]>;

/** `embedded`: everything in one process; the others are the processes of the cluster profile. */
export type ProcessName = keyof typeof settingsOf;
