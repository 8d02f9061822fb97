import { secureId } from '@tidings/api/clock';
import { describe, expect, test } from 'vitest';
import { type Setting, until } from '../testing/setting.ts';
import { type HeldLock, type Locks, patienceMs } from './port.ts';

/** `open` gives a process's locks; the names of all of them are the same. */
export function describeLocks(name: string, setting: Setting<Locks>): void {
  describe(`locks in ${name}`, () => {
    const settled = async <T>(promise: Promise<T>): Promise<T> => {
      let done = false;
      const ended = promise.finally(() => {
        done = true;
      });
      ended.catch(() => {});
      await until(setting, () => done);
      return ended;
    };

    test('a name has one holder; others have theirs', async () => {
      const locks = await setting.open();
      const [one, other] = [secureId(), secureId()];
      const first = await settled(locks.take(one));
      const elsewhere = await settled(locks.take(other));
      let second: HeldLock | null = null;
      const waiting = locks.take(one).then((held) => {
        second = held;
      });
      await setting.pass(1_500);
      expect(second).toBeNull();
      await first.release();
      await settled(waiting);
      expect(second).not.toBeNull();
      await second!.release();
      await elsewhere.release();
    });
    test('who holds it learns that somebody waits, and not before', async () => {
      const [here, there] = [await setting.open(), await setting.open()];
      const lock = secureId();
      const held = await settled(here.take(lock));
      await setting.pass(2_500);
      expect(held.wanted.aborted).toBe(false);
      const waiting = there.take(lock);
      await until(setting, () => held.wanted.aborted);
      await held.release();
      const next = await settled(waiting);
      expect(next.wanted.aborted).toBe(false);
      await next.release();
    });
    test('of many who want it each has it once, one at a time', async () => {
      const lock = secureId();
      let [holders, most, turns] = [0, 0, 0];
      const all = Promise.all(
        Array.from({ length: 5 }, async () => {
          const held = await (await setting.open()).take(lock);
          holders += 1;
          most = Math.max(most, holders);
          await setting.pass(1);
          holders -= 1;
          turns += 1;
          await held.release();
        }),
      );
      await settled(all);
      expect({ most, turns }).toEqual({ most: 1, turns: 5 });
    });
    test('a holder that does not let go is in conflict with who waits', async () => {
      const locks = await setting.open();
      const lock = secureId();
      const held = await settled(locks.take(lock));
      const waiting = locks.take(lock);
      waiting.catch(() => {});
      await setting.pass(patienceMs + 500);
      await expect(settled(waiting)).rejects.toMatchObject({ code: 'conflict' });
      await held.release();
      await (await settled(locks.take(lock))).release();
    });
    test('releasing twice takes nothing from the next holder', async () => {
      const locks = await setting.open();
      const lock = secureId();
      const first = await settled(locks.take(lock));
      await first.release();
      const second = await settled(locks.take(lock));
      await first.release();
      const waiting = locks.take(lock);
      await until(setting, () => second.wanted.aborted);
      await second.release();
      await (await settled(waiting)).release();
    });
  });
}
