import { resolve } from 'node:path';
import { type HandlerId, handlerId } from '@tidings/api/ids';
import { z } from 'zod';
import {
  type AssetSettings,
  type ClusterSettings,
  type EngineSettings,
  type ListenSettings,
  type PeopleSettings,
  type ProcessName,
  type SettingName,
  type Settings,
  secretSettings,
  settings,
  settingsOf,
} from './settings.ts';
import { StartupError } from './startup-error.ts';

/** What a process that answers HTTP needs to know. */
export type ListenConfig = {
  readonly port: number;
  readonly host: string;
  readonly logLevel: Settings['LOG_LEVEL'];
  /** Reverse proxies in front, whose X-Forwarded-For is believed. */
  readonly trustProxy: number;
  /** Who may read /metrics. */
  readonly metrics: Settings['METRICS'];
};

/** What a process that people come to needs to know besides. */
export type PeopleConfig = {
  /** Where people reach it, when that isn't the address that it listens at. */
  readonly publicUrl: URL | null;
  /** Further origins that may use it. */
  readonly allowedOrigins: readonly string[];
  /** Usernames. */
  readonly operators: readonly string[];
};

/** Bytes of the files that people send. */
export type AssetConfig = {
  readonly assets: {
    /** Of a single one. */
    readonly largest: number;
    /** Of all of a user's; 0: no limit. */
    readonly quota: number;
  };
};

/** Everything in one process. */
export type Config = ListenConfig &
  PeopleConfig &
  AssetConfig & {
    readonly dataDir: string;
    readonly retention: Settings['RETENTION'];
    readonly signUp: Settings['SIGN_UP'];
    /** Where the built web app lies. */
    readonly webDir: string;
    /** `npm run dev`: a development server for the web app, asked for what isn't the server's own. */
    readonly webDevUrl: string | null;
    /** Seed people and groups to try it with. */
    readonly demo: boolean;
  };

/** Where the engines of the cluster profile answer. */
export type EnginesConfig = {
  readonly cassandra: {
    readonly contactPoints: readonly string[];
    readonly localDataCenter: string;
    readonly keyspace: string;
    readonly replicationFactor: number;
  };
  /** `coordination`: registry, sequencer, channels · `cache`: rows that may be evicted. */
  readonly redis: { readonly coordination: string; readonly cache: string };
  readonly kafka: { readonly brokers: readonly string[]; readonly groupPartitions: number };
  readonly mysql: { readonly primary: string; readonly replicas: readonly string[] };
  readonly s3: {
    /** Absent: Amazon's. */
    readonly endpoint: string | undefined;
    readonly region: string;
    readonly bucket: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
};

/** What the processes of the cluster have in common. */
export type ClusterConfig = {
  readonly engines: EnginesConfig;
  readonly retention: Settings['RETENTION'];
  /** Made at each start unless given. */
  readonly handlerId: HandlerId | null;
};
type WithSecrets = { readonly sessionSecret: string; readonly assetLinkSecret: string };

export type GroupHandlerConfig = ListenConfig & ClusterConfig;
export type HandlerConfig = ListenConfig &
  PeopleConfig &
  AssetConfig &
  ClusterConfig &
  WithSecrets &
  Pick<Config, 'signUp'>;
export type WebConfig = HandlerConfig & Pick<Config, 'webDir' | 'webDevUrl'>;
export type MigrateConfig = Pick<ClusterConfig, 'engines'> &
  Pick<ListenConfig, 'logLevel'> &
  Pick<Config, 'signUp'>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of everything in one process. An empty value counts as not set. Relative folders are relative to `folder`.
 * @throws StartupError that names the setting, its value and what would be right.
 */
export function readConfig(
  env: Environment = process.env,
  args: readonly string[] = process.argv.slice(2),
  folder: string = process.cwd(),
): Config {
  const value = read('embedded', env);
  const unknown = args.find((argument) => argument !== '--demo');
  if (unknown !== undefined) throw new StartupError(`There is no option “${unknown}”; there is --demo.`);
  return {
    ...listenConfig(value),
    ...peopleConfig(value),
    ...assetConfig(value),
    dataDir: resolve(folder, value.DATA_DIR),
    retention: value.RETENTION,
    signUp: value.SIGN_UP,
    webDir: resolve(folder, value.WEB_DIR),
    webDevUrl: value.WEB_DEV_URL ?? null,
    demo: args.includes('--demo'),
  };
}

/** Of a process that holds sockets. Throws as {@link readConfig} does, and so do those below. */
export function readHandlerConfig(env: Environment = process.env): HandlerConfig {
  const value = read('handler', env);
  return {
    ...listenConfig(value),
    ...peopleConfig(value),
    ...assetConfig(value),
    ...clusterConfig(value),
    sessionSecret: value.SESSION_SECRET,
    assetLinkSecret: value.ASSET_LINK_SECRET,
    signUp: value.SIGN_UP,
  };
}

/** Of a process that serves pages, sign-in and procedures over HTTP. */
export function readWebConfig(env: Environment = process.env, folder: string = process.cwd()): WebConfig {
  const value = read('web', env);
  return {
    ...listenConfig(value),
    ...peopleConfig(value),
    ...assetConfig(value),
    ...clusterConfig(value),
    sessionSecret: value.SESSION_SECRET,
    assetLinkSecret: value.ASSET_LINK_SECRET,
    signUp: value.SIGN_UP,
    webDir: resolve(folder, value.WEB_DIR),
    webDevUrl: null,
  };
}

export function readGroupHandlerConfig(env: Environment = process.env): GroupHandlerConfig {
  const value = read('group-handler', env);
  return { ...listenConfig(value), ...clusterConfig(value) };
}

export function readMigrateConfig(env: Environment = process.env): MigrateConfig {
  const value = read('migrate', env);
  return {
    engines: enginesConfig(value),
    logLevel: value.LOG_LEVEL,
    signUp: value.SIGN_UP,
  };
}

function read<const N extends ProcessName>(
  name: N,
  env: Environment,
): Pick<Settings, (typeof settingsOf)[N][number]> {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const names: readonly SettingName[] = settingsOf[name];
  const schema = z.object(Object.fromEntries(names.map((each) => [each, settings.shape[each]])));
  const parsed = schema.safeParse(set);
  if (!parsed.success) throw new StartupError(sentenceFor(parsed.error, set));
  return parsed.data as Settings;
}

function sentenceFor(error: z.ZodError, set: Readonly<Record<string, unknown>>): string {
  const issue = error.issues[0];
  const name = String(issue?.path[0]);
  const isShown = set[name] !== undefined && !secretSettings.has(name);
  return `The setting ${name} ${issue?.message}${isShown ? `; it is “${set[name]}”` : ''}.`;
}

const listenConfig = (value: ListenSettings): ListenConfig => ({
  port: value.PORT,
  host: value.HOST,
  logLevel: value.LOG_LEVEL,
  trustProxy: value.TRUST_PROXY,
  metrics: value.METRICS,
});

const peopleConfig = (value: PeopleSettings): PeopleConfig => ({
  publicUrl: value.PUBLIC_URL ?? null,
  allowedOrigins: value.ALLOWED_ORIGINS,
  operators: value.OPERATORS,
});

const mebibyte = 1024 * 1024;

const assetConfig = (value: AssetSettings): AssetConfig => ({
  assets: { largest: value.ASSET_MAX_MB * mebibyte, quota: value.ASSET_QUOTA_MB * mebibyte },
});

const clusterConfig = (value: ClusterSettings): ClusterConfig => ({
  engines: enginesConfig(value),
  retention: value.RETENTION,
  handlerId: value.HANDLER_ID === undefined ? null : handlerId(value.HANDLER_ID),
});

const enginesConfig = (value: EngineSettings): EnginesConfig => ({
  cassandra: {
    contactPoints: value.CASSANDRA_CONTACT_POINTS,
    localDataCenter: value.CASSANDRA_LOCAL_DATACENTER,
    keyspace: value.CASSANDRA_KEYSPACE,
    replicationFactor: value.CASSANDRA_REPLICATION_FACTOR,
  },
  redis: { coordination: value.REDIS_URL, cache: value.REDIS_CACHE_URL },
  kafka: { brokers: value.KAFKA_BROKERS, groupPartitions: value.KAFKA_GROUP_PARTITIONS },
  mysql: { primary: value.DATABASE_URL, replicas: value.DATABASE_REPLICA_URLS },
  s3: {
    endpoint: value.S3_ENDPOINT,
    region: value.S3_REGION,
    bucket: value.S3_BUCKET,
    accessKeyId: value.S3_ACCESS_KEY_ID,
    secretAccessKey: value.S3_SECRET_ACCESS_KEY,
  },
});
