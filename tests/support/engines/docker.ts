import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';
import type { RunningEngines } from './addresses.ts';

const infra = join(import.meta.dirname, '../../../infra');
const files = ['compose.yaml', 'compose.engines.yaml'].flatMap((file) => ['-f', join(infra, file)]);
const services = ['redis', 'redis-cache', 'mariadb', 'mariadb-replica', 'kafka', 'cassandra', 's3'];
const run = promisify(execFile);

/** Why there are no containers here, or null. */
export async function whyNotInDocker(): Promise<string | null> {
  return run('docker', ['compose', 'version'])
    .then(() => run('docker', ['info']))
    .then(
      () => null,
      () => 'there is no Docker with Compose that answers',
    );
}

/** The same engines in containers, at free ports, with volumes that are gone afterwards. */
export async function startInDocker(): Promise<RunningEngines> {
  const password = randomBytes(24).toString('base64url');
  const ports = await freePorts();
  const settings = {
    ...ports,
    MARIADB_ROOT_PASSWORD: password,
    MARIADB_PASSWORD: password,
    MARIADB_REPLICATION_PASSWORD: password,
    SESSION_SECRET: password,
    ASSET_LINK_SECRET: password,
    S3_ROOT_SECRET: password,
    S3_SECRET_ACCESS_KEY: password,
    KAFKA_CLUSTER_ID: `A${randomBytes(16).toString('base64url').slice(1)}`,
  };
  const project = `tidings-test-${randomBytes(4).toString('hex')}`;
  const compose = (...args: readonly string[]) =>
    run('docker', ['compose', '-p', project, ...files, ...args], { env: { ...process.env, ...settings } });
  const stop = async () => {
    await compose('down', '--volumes', '--timeout', '5');
  };
  await compose('up', '--detach', '--wait', ...services).catch(async (error) => {
    await stop();
    throw error;
  });
  return { engines: enginesAt(ports, password), stop };
}

function enginesAt(ports: Record<Port, string>, password: string): RunningEngines['engines'] {
  return {
    cassandra: {
      contactPoints: [`127.0.0.1:${ports.CASSANDRA_PORT}`],
      localDataCenter: 'datacenter1',
    },
    redis: {
      coordination: `redis://127.0.0.1:${ports.REDIS_PORT}`,
      cache: `redis://127.0.0.1:${ports.REDIS_CACHE_PORT}`,
    },
    kafka: { brokers: [`127.0.0.1:${ports.KAFKA_PORT}`] },
    mysql: {
      primary: `mysql://root:${password}@127.0.0.1:${ports.MARIADB_PORT}`,
      replicas: [`mysql://root:${password}@127.0.0.1:${ports.MARIADB_REPLICA_PORT}`],
    },
    s3: {
      endpoint: `http://127.0.0.1:${ports.S3_PORT}`,
      accessKeyId: 'root',
      secretAccessKey: password,
    },
  };
}

type Port =
  | 'CASSANDRA_PORT'
  | 'KAFKA_PORT'
  | 'REDIS_PORT'
  | 'REDIS_CACHE_PORT'
  | 'MARIADB_PORT'
  | 'MARIADB_REPLICA_PORT'
  | 'S3_PORT';

const freePorts = async (): Promise<Record<Port, string>> => ({
  CASSANDRA_PORT: String(await freePort()),
  KAFKA_PORT: String(await freePort()),
  REDIS_PORT: String(await freePort()),
  REDIS_CACHE_PORT: String(await freePort()),
  MARIADB_PORT: String(await freePort()),
  MARIADB_REPLICA_PORT: String(await freePort()),
  S3_PORT: String(await freePort()),
});
