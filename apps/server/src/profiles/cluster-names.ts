import type { EnginesConfig } from '../config.ts';

type Named = { readonly cassandra: Pick<EnginesConfig['cassandra'], 'keyspace'> };

/** Everything of one deployment is named after its keyspace, so that several may share the engines. */
export const namesOf = ({ cassandra }: Named) => ({
  /** Goes before the names of topics and consumer groups in Kafka. */
  topic: `${cassandra.keyspace}.`,
  /** Goes before keys and channels in Redis. */
  key: (part: string) => `${cassandra.keyspace}:${part}:`,
});
