import { openingOf, testKeyspace } from '../testing/cassandra-keyspace.ts';
import { CassandraLastSeenStore } from './cassandra.ts';
import { describeLastSeenStore } from './contract.ts';

const keyspace = testKeyspace('last-seen');

describeLastSeenStore(
  'Cassandra',
  openingOf(keyspace, (session) => new CassandraLastSeenStore(session)),
);
