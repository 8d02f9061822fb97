/** Where the engines of the cluster profile answer. */
export type Engines = {
  readonly cassandra: { readonly contactPoints: readonly string[]; readonly localDataCenter: string };
  /** `coordination` holds registry, sequencer and channels; `cache` holds rows that may be evicted. */
  readonly redis: { readonly coordination: string; readonly cache: string };
  readonly kafka: { readonly brokers: readonly string[] };
  /** Connection URLs, with the right to make databases. */
  readonly mysql: { readonly primary: string; readonly replicas: readonly string[] };
  /** With the right to make buckets. */
  readonly s3: { readonly endpoint: string; readonly accessKeyId: string; readonly secretAccessKey: string };
};

/** `stop` ends what was started for them. */
export type RunningEngines = { readonly engines: Engines; readonly stop: () => Promise<void> };

/** Of the lines NAME=value that the server's processes are told. Throws when one that is needed is missing. */
export function enginesFrom(environment: string): Engines {
  const lines = environment.split('\n').map((line) => line.trim().split(/=(.*)/s) as [string, string]);
  const values = new Map(lines);
  const value = (name: string): string => {
    const found = values.get(name);
    if (!found) throw new Error(`the engines' addresses say nothing of ${name}`);
    return found;
  };
  return {
    cassandra: {
      contactPoints: value('CASSANDRA_CONTACT_POINTS').split(','),
      localDataCenter: value('CASSANDRA_LOCAL_DATACENTER'),
    },
    redis: { coordination: value('REDIS_URL'), cache: value('REDIS_CACHE_URL') },
    kafka: { brokers: value('KAFKA_BROKERS').split(',') },
    mysql: {
      primary: value('DATABASE_URL'),
      replicas: value('DATABASE_REPLICA_URLS').split(','),
    },
    s3: {
      endpoint: value('S3_ENDPOINT'),
      accessKeyId: value('S3_ACCESS_KEY_ID'),
      secretAccessKey: value('S3_SECRET_ACCESS_KEY'),
    },
  };
}

/** For tests that are collected and then skipped. */
export const nowhere: Engines = {
  cassandra: { contactPoints: [], localDataCenter: '' },
  redis: { coordination: '', cache: '' },
  kafka: { brokers: [] },
  mysql: { primary: '', replicas: [] },
  s3: { endpoint: '', accessKeyId: '', secretAccessKey: '' },
};
