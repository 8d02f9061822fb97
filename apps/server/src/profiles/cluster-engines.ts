import type { Clock, Running } from '@tidings/api/clock';
import { RedisChannel } from '@tidings/bus/channel/redis';
import { RedisLocks } from '@tidings/bus/lock/redis';
import { KafkaLog } from '@tidings/bus/log/kafka';
import { RedisRegistry } from '@tidings/bus/registry/redis';
import { RedisSequencer } from '@tidings/bus/sequencer/redis';
import { openS3Blobs } from '@tidings/db/blob-store/s3-connection';
import { openCassandraStores } from '@tidings/db/cassandra/stores';
import { openClusterDirectory } from '@tidings/db/directory/cluster';
import { RedisLastSeenStore } from '@tidings/db/last-seen/redis';
import { cachedDirectory } from '@tidings/db/row-cache/cached-directory';
import { closeRedis, connectRedis } from '@tidings/redis/connection';
import type { Registry } from 'prom-client';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { AuthDatabase } from '../auth/better-auth.ts';
import { type MakeLimiter, memoryLimiter } from '../auth/limiter.ts';
import type { EnginesConfig } from '../config.ts';
import type { Ping } from '../http/readiness.ts';
import { type EngineWatch, measureBatches } from '../metrics/engine-watch.ts';
import { Opened } from '../opened.ts';
import type { Envelope } from '../services/envelope.ts';
import type { GroupNotice, Ports } from '../services/parts.ts';
import { namesOf } from './cluster-names.ts';
import { reached } from './reached.ts';

export type EngineName = 'cassandra' | 'kafka' | 'mysql' | 'redis';

/** The engines of the cluster, as ports. */
export type Engines = Running & {
  readonly ports: Omit<Ports, 'clock' | 'logger' | 'makeId' | 'random'>;
  readonly directory: ClusterDirectory;
  /** Counts for all processes together. */
  readonly limiter: MakeLimiter;
  readonly pings: Readonly<Record<EngineName, Ping>>;
};

/** `client` is for better-auth, which keeps users and sessions in the same tables. */
export type ClusterDirectory = AuthDatabase &
  Pick<Ports, 'users' | 'sessions' | 'conversations' | 'invites' | 'bots' | AssetTables> & {
    readonly ping: Ping;
  };
type AssetTables = 'assets' | 'assetReferences' | 'assetSweep' | 'uploads';

type Redis = Awaited<ReturnType<typeof connectRedis>>;

export type EnginesParts = {
  readonly clock: Clock;
  readonly watch: EngineWatch;
  readonly registry: Registry;
};

/**
 * Logs, marks and pictures in Cassandra; who there is in MySQL; who is connected where, positions and channels in one Redis, what may
 * be evicted in another; the group log in Kafka; people's files in S3. Throws StartupError when one of them can't be reached.
 */
export async function openEngines(config: EnginesConfig, parts: EnginesParts): Promise<Engines> {
  const opened = new Opened();
  return opened.or(async () => {
    const names = namesOf(config);
    const cassandra = await openCassandra(config, parts, opened);
    const redis = await openRedis(config, parts, opened);
    const directory = await openDirectory(config, { ...parts, cache: redis.cache }, opened);
    const groupLog = openKafka(config, parts, opened);
    // Text goes on without it, so nobody waits for it.
    const s3 = openS3Blobs(config.s3);
    opened.add(async () => s3.stop());
    const { clock, watch, registry } = parts;

    const lastSeen = new RedisLastSeenStore({
      redis: redis.cache,
      clock,
      behind: cassandra.lastSeen,
      prefix: names.key('last-seen'),
    });
    opened.add(() => lastSeen.stop());

    return {
      ports: {
        messages: measureBatches(watch.port('cassandra', 'messages', cassandra.messages), registry),
        watermarks: watch.port('cassandra', 'watermarks', cassandra.watermarks),
        accountStates: watch.port('cassandra', 'accountStates', cassandra.accountStates),
        pictures: watch.port('cassandra', 'pictures', cassandra.pictures),
        lastSeen: watch.port('redis-cache', 'lastSeen', lastSeen),
        users: directory.users,
        sessions: directory.sessions,
        conversations: directory.conversations,
        invites: directory.invites,
        bots: directory.bots,
        assets: directory.assets,
        assetReferences: directory.assetReferences,
        assetSweep: directory.assetSweep,
        uploads: directory.uploads,
        blobs: watch.port('s3', 'blobs', s3.blobs),
        locks: watch.port('redis', 'locks', redis.locks),
        registry: watch.port('redis', 'registry', redis.registry),
        sequencer: watch.port('redis', 'sequencer', redis.sequencer),
        channel: watch.port('redis', 'channel', redis.channel),
        groupLog: watch.port('kafka', 'groupLog', groupLog),
      },
      directory,
      limiter: redis.limiter,
      pings: {
        cassandra: pingOf(watch, 'cassandra', () => cassandra.ping()),
        mysql: pingOf(watch, 'mysql', directory.ping),
        redis: pingOf(watch, 'redis', () => redis.coordination.ping()),
        kafka: pingOf(watch, 'kafka', () => groupLog.ping()),
      },
      async drain() {
        await Promise.all([groupLog.drain(), redis.channel.drain(), lastSeen.drain()]);
      },
      stop: () => opened.close(),
    };
  });
}

const pingOf = (watch: EngineWatch, engine: EngineName, ping: Ping): Ping =>
  watch.port(engine, 'engine', { ping }).ping;

async function openCassandra({ cassandra }: EnginesConfig, { clock }: EnginesParts, opened: Opened) {
  const engine = { name: 'Cassandra', addresses: cassandra.contactPoints, clock };
  const stores = await reached(engine, () => openCassandraStores(cassandra));
  opened.add(() => stores.stop());
  return stores;
}

async function openDirectory(
  config: EnginesConfig,
  { clock, watch, cache }: EnginesParts & { readonly cache: Redis },
  opened: Opened,
): Promise<ClusterDirectory> {
  const { mysql } = config;
  const engine = { name: 'MySQL', addresses: [mysql.primary], clock };
  const directory = await reached(engine, () => openClusterDirectory({ ...mysql, clock }));
  opened.add(() => directory.close());
  const { client, provider } = directory;
  const sessions = watch.port('mysql', 'sessions', directory.sessions);
  const { users, conversations } = cachedDirectory({
    users: watch.port('mysql', 'users', directory.users),
    conversations: watch.port('mysql', 'conversations', directory.conversations),
    sessions,
    redis: cache,
    clock,
    prefix: namesOf(config).key('rows'),
  });
  const invites = watch.port('mysql', 'invites', directory.invites);
  const bots = watch.port('mysql', 'bots', directory.bots);
  const assetTables = {
    assets: watch.port('mysql', 'assets', directory.assets),
    assetReferences: watch.port('mysql', 'assetReferences', directory.assetReferences),
    assetSweep: watch.port('mysql', 'assetSweep', directory.assetSweep),
    uploads: watch.port('mysql', 'uploads', directory.uploads),
  };
  const ping = () => client.user.findFirst({ select: { id: true } });
  // Sessions go past the cache of rows: one that ended must not be believed because an invalidation was lost (INV9).
  return { client, provider, users, sessions, conversations, invites, bots, ...assetTables, ping };
}

async function openRedis(config: EnginesConfig, { clock, watch }: EnginesParts, opened: Opened) {
  const names = namesOf(config);
  const connect = async (engine: 'redis' | 'redis-cache', url: string) => {
    const redis = await reached({ name: 'Redis', addresses: [url], clock }, () =>
      connectRedis(url, (error) => watch.trouble(engine, error)),
    );
    opened.add(() => closeRedis(redis));
    return redis;
  };
  const coordination = await connect('redis', config.redis.coordination);
  const subscriber = await connect('redis', config.redis.coordination);
  const cache = await connect('redis-cache', config.redis.cache);
  const channel = new RedisChannel<Envelope>({
    clock,
    publisher: coordination,
    subscriber,
    prefix: names.key('channel'),
  });
  opened.add(() => channel.stop());
  return {
    coordination,
    cache,
    channel,
    registry: new RedisRegistry(coordination, names.key('registry')),
    sequencer: new RedisSequencer(coordination, { prefix: names.key('sequencer') }),
    locks: new RedisLocks({ redis: coordination, clock, prefix: names.key('upload-lock') }),
    limiter: sharedLimiter(coordination, names.key('limit')),
  };
}

/** While Redis is away each process counts for itself. */
const sharedLimiter =
  (storeClient: unknown, keyPrefix: string): MakeLimiter =>
  (limit) =>
    new RateLimiterRedis({
      storeClient,
      keyPrefix: keyPrefix + limit.name,
      points: limit.points,
      duration: limit.duration,
      insuranceLimiter: memoryLimiter(limit),
    });

function openKafka(config: EnginesConfig, { clock, watch }: EnginesParts, opened: Opened) {
  const log = new KafkaLog<GroupNotice>({
    brokers: config.kafka.brokers,
    clock,
    prefix: namesOf(config).topic,
    onTrouble: (error) => watch.trouble('kafka', error),
  });
  opened.add(() => log.stop());
  return log;
}
