import { openingOf, testKeyspace } from '../testing/cassandra-keyspace.ts';
import { CassandraMessageStore } from './cassandra.ts';
import { describeMessageStore } from './contract.ts';

const keyspace = testKeyspace('messages');

describeMessageStore(
  'Cassandra',
  openingOf(keyspace, (session) => new CassandraMessageStore(session)),
);
