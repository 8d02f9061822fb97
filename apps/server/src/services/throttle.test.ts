import { ManualClock } from '@tidings/bus/testing/manual-clock';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Throttle } from './throttle.ts';

test('PRES2 a key passes at once, then once in the given time, and the last word is heard', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 3_000 })), { maxLength: 30 }),
      async (touches) => {
        const clock = new ManualClock();
        const passed: [string, number][] = [];
        const throttle = new Throttle<string>(clock, 2_000, (keys) => {
          for (const key of keys) passed.push([key, clock.now()]);
        });
        const last = new Map<string, number>();
        for (const [key, waitMs] of touches) {
          last.set(key, clock.now());
          throttle.touch(key);
          await clock.pass(waitMs);
        }
        await clock.pass(10_000);
        for (const [key, at] of last) {
          const times = passed.flatMap(([each, time]) => (each === key ? time : []));
          for (const [index, time] of times.entries())
            if (index > 0) expect(time - (times[index - 1] as number)).toBeGreaterThanOrEqual(2_000);
          expect(times.at(-1)).toBeGreaterThanOrEqual(at);
          expect((times.at(-1) as number) - at).toBeLessThanOrEqual(2_000);
        }
      },
    ),
    { numRuns: 60 },
  );
});
