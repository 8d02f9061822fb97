import { ManualClock } from '../testing/manual-clock.ts';
import { describeRegistry } from './contract.ts';
import { MemoryRegistry } from './memory.ts';

const clock = new ManualClock();
describeRegistry('memory', { open: async () => new MemoryRegistry(clock), pass: clock.pass });
