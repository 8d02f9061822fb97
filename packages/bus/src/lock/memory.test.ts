import { ManualClock } from '../testing/manual-clock.ts';
import { describeLocks } from './contract.ts';
import { MemoryLocks } from './memory.ts';

const clock = new ManualClock();
const locks = new MemoryLocks(clock);
describeLocks('memory', { open: async () => locks, pass: clock.pass });
