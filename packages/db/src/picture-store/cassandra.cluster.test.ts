import { openingOf, testKeyspace } from '../testing/cassandra-keyspace.ts';
import { CassandraPictures } from './cassandra.ts';
import { describePictureStore } from './contract.ts';

const keyspace = testKeyspace('pictures');

describePictureStore('Cassandra', openingOf(keyspace, (session) => new CassandraPictures(session)).open);
