import { openingOf, testKeyspace } from '../testing/cassandra-keyspace.ts';
import { CassandraAccountStateStore } from './cassandra.ts';
import { describeAccountStateStore } from './contract.ts';

const keyspace = testKeyspace('account-states');

describeAccountStateStore(
  'Cassandra',
  openingOf(keyspace, (session) => new CassandraAccountStateStore(session)),
);
