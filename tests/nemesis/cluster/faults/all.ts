import {
  cutChannel,
  flushRedis,
  killCassandra,
  killKafka,
  killMysql,
  killOneCassandra,
  killRedis,
} from './engine-faults.ts';
import type { Fault } from './fault.ts';
import { cutDevices, cutsFromEngines, silentDevice, slowDevice, swallowingNetwork } from './line-faults.ts';
import {
  freezeGroupHandler,
  freezeHandler,
  killGroupHandler,
  killHandler,
  replaceHandler,
} from './process-faults.ts';

const faults: readonly Fault[] = [
  killHandler,
  freezeHandler,
  killGroupHandler,
  freezeGroupHandler,
  replaceHandler,
  flushRedis,
  cutChannel,
  killRedis,
  killKafka,
  killCassandra,
  killOneCassandra,
  killMysql,
  cutDevices,
  ...cutsFromEngines,
  silentDevice,
  swallowingNetwork,
  slowDevice,
];

export const faultsWith = (cassandraNodes: 1 | 3): readonly Fault[] =>
  faults.filter((fault) => (fault.cassandraNodes ?? cassandraNodes) === cassandraNodes);
