import { openingOf, testKeyspace } from '../testing/cassandra-keyspace.ts';
import { CassandraWatermarkStore } from './cassandra.ts';
import { describeWatermarkStore } from './contract.ts';

const keyspace = testKeyspace('watermarks');

describeWatermarkStore(
  'Cassandra',
  openingOf(keyspace, (session) => new CassandraWatermarkStore(session)),
);
