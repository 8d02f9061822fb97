import { ManualClock } from '../testing/manual-clock.ts';
import { describeChannel } from './contract.ts';
import { MemoryChannel } from './memory.ts';

const clock = new ManualClock();
describeChannel('memory', { open: async () => new MemoryChannel(clock), pass: clock.pass });
