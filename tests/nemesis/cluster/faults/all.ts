import {
  cutChannel,
  flushRedis,
  killCassandra,
  killKafka,
  killMysql,
  killOneCassandra,
  killRedis,
  killRedisCache,
  killReplica,
} from './engine-faults.ts';
import type { Fault } from './fault.ts';
import { cutDevices, cutsFromEngines, silentDevice, slowDevice, swallowingNetwork } from './line-faults.ts';
import {
  freezeGroupHandler,
  freezeHandler,
  killGroupHandler,
  killHandler,
  replaceGroupHandler,
  replaceHandler,
} from './process-faults.ts';

const faults: readonly Fault[] = [
  killHandler,
  freezeHandler,
  killGroupHandler,
  freezeGroupHandler,
  replaceGroupHandler,
  replaceHandler,
  flushRedis,
  cutChannel,
  killRedis,
  killRedisCache,
  killKafka,
  killCassandra,
  killOneCassandra,
  killMysql,
  killReplica,
  cutDevices,
  ...cutsFromEngines,
  silentDevice,
  swallowingNetwork,
  slowDevice,
];

export const faultsWith = (cassandraNodes: 1 | 3): readonly Fault[] =>
  faults.filter((fault) => (fault.cassandraNodes ?? cassandraNodes) === cassandraNodes);
