import { secureId } from '@tidings/api/clock';
import { groupId, seq } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { describeSequencer } from './contract.ts';
import { MemorySequencer } from './memory.ts';

describeSequencer('memory', { open: async () => new MemorySequencer() });

test('forgets the conversation that was used longest ago, and no other', async () => {
  const sequencer = new MemorySequencer(2);
  const [old, used, fresh] = [groupId(secureId()), groupId(secureId()), groupId(secureId())];
  await sequencer.seed(used, seq(5));
  await sequencer.seed(old, seq(5));
  await sequencer.next(used, 1);
  await sequencer.seed(fresh, seq(5));
  expect(await sequencer.next(old, 1)).toBeNull();
  expect(await sequencer.next(used, 1)).toBe(7);
  expect(await sequencer.next(fresh, 1)).toBe(6);
});
