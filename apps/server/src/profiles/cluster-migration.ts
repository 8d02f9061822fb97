import type { Clock } from '@tidings/api/clock';
import { KafkaLog } from '@tidings/bus/log/kafka';
import { openS3Blobs } from '@tidings/db/blob-store/s3-connection';
import { migrateCassandra } from '@tidings/db/cassandra/migrate';
import { openClusterDirectory } from '@tidings/db/directory/cluster';
import { migrateMysql } from '@tidings/db/directory/mysql-migrate';
import { firstInvitation } from '../auth/first-invitation.ts';
import type { EnginesConfig, MigrateConfig } from '../config.ts';
import { groupTopic } from '../services/entry-delivery.ts';
import { namesOf } from './cluster-names.ts';
import { reached } from './reached.ts';

/** A notice that nobody read for so long is of no use: redelivery and the devices themselves have caught up long ago. */
const noticesKeptMs = 24 * 3_600_000;

/** Says what it made, line by line; what is there already stays. Throws StartupError when an engine can't be reached, or refuses. */
export async function* migrateEngines(
  { engines, signUp }: MigrateConfig,
  clock: Clock,
): AsyncIterable<string> {
  const { cassandra, kafka, mysql } = engines;
  const named = (name: string, addresses: readonly string[]) => ({ name, addresses, clock });
  const tables = await reached(named('MySQL', [mysql.primary]), () => migrateMysql(mysql.primary));
  yield line('MySQL', tables);
  const parts = await reached(named('Cassandra', cassandra.contactPoints), () =>
    migrateCassandra({ ...cassandra, clock }),
  );
  yield line('Cassandra', parts);
  await reached(named('Kafka', kafka.brokers), () => makeTopics(engines, clock));
  yield `Kafka: the topic has at least ${kafka.groupPartitions} partitions.`;
  await reached(named('S3', [engines.s3.endpoint ?? 'Amazon']), () => findBucket(engines));
  yield `S3: the bucket ${engines.s3.bucket} is there.`;
  if (signUp === 'invite') yield* inviteFirst(engines, clock);
}

const line = (engine: string, made: readonly string[]): string =>
  `${engine}: ${made.length > 0 ? made.join(', ') : 'nothing to do'}.`;

async function makeTopics(engines: EnginesConfig, clock: Clock): Promise<void> {
  const { brokers, groupPartitions } = engines.kafka;
  const log = new KafkaLog({ brokers, clock, prefix: namesOf(engines).topic });
  try {
    await log.makeTopics([{ topic: groupTopic, partitions: groupPartitions, retentionMs: noticesKeptMs }]);
  } finally {
    await log.stop();
  }
}

/** Whoever runs S3 makes the bucket, and the account that may use nothing else: a wrong one is to be noticed now. */
async function findBucket({ s3 }: EnginesConfig): Promise<void> {
  const { ping, stop } = openS3Blobs(s3);
  await ping().finally(stop);
}

async function* inviteFirst({ mysql }: EnginesConfig, clock: Clock): AsyncIterable<string> {
  const directory = await reached({ name: 'MySQL', addresses: [mysql.primary], clock }, () =>
    openClusterDirectory({ primary: mysql.primary, replicas: [], clock }),
  );
  try {
    const code = await firstInvitation(directory, clock.now());
    if (code) yield `Nobody has an account yet. The first one is made at /sign-up?invite=${code}`;
  } finally {
    await directory.close();
  }
}
