import { randomBytes } from 'node:crypto';
import type { MysqlDatabase } from '@tidings/db/directory/testing/mysql-database';
import type { Bucket } from '@tidings/db/testing/s3-bucket';

/** Of the engines, what isn't made anew for each deployment under test. */
type SharedEngines = {
  readonly cassandra: { readonly contactPoints: readonly string[]; readonly localDataCenter: string };
  readonly redis: { readonly coordination: string; readonly cache: string };
  readonly kafka: { readonly brokers: readonly string[] };
};

/**
 * What each process of a deployment is told that shares its engines with others: a database, a bucket, and a keyspace and topics of
 * the database's name are its own. Secrets are new each time.
 */
export function clusterEnvironment(
  { cassandra, redis, kafka }: SharedEngines,
  { database, bucket }: { readonly database: MysqlDatabase; readonly bucket: Bucket },
) {
  return {
    SESSION_SECRET: randomBytes(32).toString('base64'),
    ASSET_LINK_SECRET: randomBytes(33).toString('base64url'),
    S3_ENDPOINT: bucket.endpoint ?? '',
    S3_BUCKET: bucket.bucket,
    S3_ACCESS_KEY_ID: bucket.accessKeyId,
    S3_SECRET_ACCESS_KEY: bucket.secretAccessKey,
    CASSANDRA_CONTACT_POINTS: cassandra.contactPoints.join(),
    CASSANDRA_LOCAL_DATACENTER: cassandra.localDataCenter,
    CASSANDRA_KEYSPACE: database.name,
    REDIS_URL: redis.coordination,
    REDIS_CACHE_URL: redis.cache,
    KAFKA_BROKERS: kafka.brokers.join(),
    DATABASE_URL: database.primary,
    DATABASE_REPLICA_URLS: database.replicas.join(),
  };
}
