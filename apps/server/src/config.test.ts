import { describe, expect, test } from 'vitest';
import {
  readConfig,
  readGroupHandlerConfig,
  readHandlerConfig,
  readMigrateConfig,
  readWebConfig,
} from './config.ts';

const read = (env: Record<string, string>, args: string[] = []) => readConfig(env, args, '/srv/tidings');

describe('readConfig', () => {
  test('without settings: this machine only, port 3000, ./data, everybody may sign up', () => {
    expect(read({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      dataDir: '/srv/tidings/data',
      publicUrl: null,
      signUp: 'open',
      retention: 'keep',
      trustProxy: 0,
      demo: false,
    });
  });

  test('an empty value counts as not set', () => {
    expect(read({ PORT: '', SIGN_UP: '  ' })).toMatchObject({ port: 3000, signUp: 'open' });
  });

  test('takes what is set', () => {
    const config = read(
      {
        PORT: '0',
        PUBLIC_URL: 'https://chat.example.org/',
        ALLOWED_ORIGINS: 'https://a.example, http://b.example:8080',
        OPERATORS: 'Anna, ben',
        TRUST_PROXY: '1',
        DATA_DIR: '/var/lib/tidings',
      },
      ['--demo'],
    );
    expect(config).toMatchObject({
      port: 0,
      trustProxy: 1,
      dataDir: '/var/lib/tidings',
      demo: true,
      operators: ['anna', 'ben'],
    });
    expect(config.publicUrl?.origin).toBe('https://chat.example.org');
    expect(config.allowedOrigins).toEqual(['https://a.example', 'http://b.example:8080']);
  });

  test.each([
    ['PORT', 'abc'],
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['HOST', 'http://x'],
    ['PUBLIC_URL', 'chat.example.org'],
    ['PUBLIC_URL', 'https://chat.example.org/path'],
    ['ALLOWED_ORIGINS', 'https://a.example,b'],
    ['SIGN_UP', 'closed'],
    ['RETENTION', 'for ever'],
    ['LOG_LEVEL', 'loud'],
    ['TRUST_PROXY', 'yes'],
    ['OPERATORS', 'an na, ??'],
    ['METRICS', 'all'],
    ['WEB_DEV_URL', 'localhost'],
  ])('%s=%s is refused in one sentence that names both', (name, value) => {
    const sentence = sentenceOf(() => read({ [name]: value }));
    expect(sentence).toMatch(new RegExp(`^The setting ${name} must be .*\\.$`));
    expect(sentence).toContain(`“${value}”`);
    expect(sentence).not.toContain('\n');
  });

  test('an unknown option is refused', () => {
    expect(sentenceOf(() => read({}, ['--dmeo']))).toBe('There is no option “--dmeo”; there is --demo.');
  });
});

describe('the cluster’s processes', () => {
  const secret = 'a secret of more than thirty-two bytes';
  const inS3 = { S3_ACCESS_KEY_ID: 'tidings', S3_SECRET_ACCESS_KEY: 'a secret of S3' };
  const least = {
    SESSION_SECRET: secret,
    ASSET_LINK_SECRET: `another ${secret}`,
    DATABASE_URL: 'mysql://tidings:secret@db:3306/tidings',
    ...inS3,
  };

  test('need secrets, a database and a key of S3; the engines are on this machine unless it says where', () => {
    expect(readHandlerConfig(least)).toMatchObject({
      sessionSecret: secret,
      handlerId: null,
      engines: {
        cassandra: { contactPoints: ['127.0.0.1:9042'], keyspace: 'tidings', replicationFactor: 1 },
        redis: { coordination: 'redis://127.0.0.1:6379', cache: 'redis://127.0.0.1:6380' },
        kafka: { brokers: ['127.0.0.1:9092'] },
        mysql: { primary: least.DATABASE_URL, replicas: [] },
        s3: { endpoint: undefined, bucket: 'tidings-assets', accessKeyId: 'tidings' },
      },
    });
  });

  test('take what is set', () => {
    const { engines, handlerId } = readWebConfig({
      ...least,
      HANDLER_ID: 'handler-1',
      CASSANDRA_CONTACT_POINTS: '10.0.0.1:9042, [fd00::2]:9042',
      CASSANDRA_REPLICATION_FACTOR: '3',
      REDIS_URL: 'rediss://:secret@redis:6379/2',
      KAFKA_BROKERS: 'kafka-1:9092,kafka-2:9092',
      DATABASE_REPLICA_URLS: 'mysql://a:b@replica-1/tidings mysql://a:b@replica-2/tidings',
    });
    expect(handlerId).toBe('handler-1');
    expect(engines.cassandra).toMatchObject({
      contactPoints: ['10.0.0.1:9042', '[fd00::2]:9042'],
      replicationFactor: 3,
    });
    expect(engines.kafka.brokers).toHaveLength(2);
    expect(engines.mysql.replicas).toHaveLength(2);
  });

  test('that sign nobody in need no secret, and what they don’t read may be anything', () => {
    const unsigned = { DATABASE_URL: least.DATABASE_URL, ...inS3 };
    expect(readMigrateConfig({ ...unsigned, PORT: 'abc' })).toMatchObject({ signUp: 'open' });
    expect(readGroupHandlerConfig({ ...unsigned, SIGN_UP: 'maybe' })).toMatchObject({ port: 3000 });
  });

  test.each([
    ['SESSION_SECRET', ''],
    ['SESSION_SECRET', 'too short'],
    ['ASSET_LINK_SECRET', ''],
    ['ASSET_LINK_SECRET', 'too short'],
    ['ASSET_MAX_MB', '9000'],
    ['ASSET_QUOTA_MB', '-1'],
    ['S3_ENDPOINT', 's3.example.org'],
    ['S3_REGION', 'a b'],
    ['S3_BUCKET', 'UPPER'],
    ['S3_SECRET_ACCESS_KEY', ''],
    ['HANDLER_ID', 'a b'],
    ['CASSANDRA_CONTACT_POINTS', '10.0.0.1'],
    ['CASSANDRA_KEYSPACE', 'drop table'],
    ['CASSANDRA_REPLICATION_FACTOR', '0'],
    ['REDIS_URL', 'http://redis:6379'],
    ['REDIS_CACHE_URL', 'redis'],
    ['KAFKA_BROKERS', 'kafka'],
    ['KAFKA_GROUP_PARTITIONS', '0'],
    ['DATABASE_URL', ''],
    ['DATABASE_URL', 'mysql://db:3306'],
    ['DATABASE_URL', 'postgres://secret@db/tidings'],
    ['DATABASE_REPLICA_URLS', 'mysql://db/tidings,x'],
  ])('%s=%s is refused in one sentence, which tells no secret', (name, value) => {
    const sentence = sentenceOf(() => readHandlerConfig({ ...least, [name]: value }));
    expect(sentence).toMatch(new RegExp(`^The setting ${name} must .*\\.$`));
    expect(sentence).not.toContain('\n');
    const isSecret = /SECRET|DATABASE|REDIS/.test(name);
    expect(sentence.includes(`it is “${value}”`)).toBe(!isSecret);
  });
});

function sentenceOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    expect(error).toMatchObject({ name: 'StartupError' });
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}
