import { secureId } from '@tidings/api/clock';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Setting, until } from '../testing/setting.ts';
import type { Log, LogRecord } from './port.ts';

type Value = { readonly key: string; readonly n: number };
type Records = readonly LogRecord<Value>[];

/** Tests begin their consumers first: what was produced before a group's first consumer is nobody's promise. */
export function describeLog(name: string, setting: Setting<Log<Value>>): void {
  describe(`log in ${name}`, () => {
    let log: Log<Value>;
    beforeAll(async () => {
      log = await setting.open();
    });

    async function consume(topic: string, group: string, handle: (records: Records) => Promise<void>) {
      const end = await log.consume(topic, group, handle);
      onTestFinished(end);
      return end;
    }
    /** Consumes and remembers. */
    async function collect(topic: string, group: string) {
      const records: LogRecord<Value>[] = [];
      const end = await consume(topic, group, async (batch) => {
        records.push(...batch);
      });
      return { records, end };
    }

    test('each group gets every record, in order per key', async () => {
      const topic = secureId();
      const groups = [await collect(topic, secureId()), await collect(topic, secureId())];
      const sent = recordsOf(10, 30);
      for (let at = 0; at < sent.length; at += 23) await log.produce(topic, sent.slice(at, at + 23));
      for (const { records } of groups) {
        await until(setting, () => records.length >= sent.length);
        expect(byKey(records)).toEqual(byKey(sent));
      }
    });

    test('topics are apart', async () => {
      const [topic, other, group] = [secureId(), secureId(), secureId()];
      const [here, there] = [await collect(topic, group), await collect(other, group)];
      await log.produce(topic, recordsOf(1, 3));
      await log.produce(other, recordsOf(1, 1));
      await until(setting, () => here.records.length === 3 && there.records.length === 1);
    });

    test('a consumer has one batch at a time', async () => {
      const topic = secureId();
      let [running, most, count] = [0, 0, 0];
      await consume(topic, secureId(), async (batch) => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        count += batch.length;
        running -= 1;
      });
      for (const record of recordsOf(10, 10)) void log.produce(topic, [record]);
      await until(setting, () => count >= 100);
      expect(most).toBe(1);
    });

    test('a batch that was rejected comes again, before anything later of its keys', async () => {
      const topic = secureId();
      const done: LogRecord<Value>[] = [];
      let failures = 0;
      await consume(topic, secureId(), async (batch) => {
        if (failures < 3) {
          failures += 1;
          throw new Error('not now');
        }
        done.push(...batch);
      });
      const sent = recordsOf(4, 5);
      await log.produce(topic, sent.slice(0, 8));
      await until(setting, () => failures > 0);
      await log.produce(topic, sent.slice(8));
      await until(setting, () => done.length >= sent.length);
      expect(byKey(done)).toEqual(byKey(sent));
    });

    test('a consumer that throws at once is one that rejects', async () => {
      const topic = secureId();
      let calls = 0;
      await consume(topic, secureId(), () => {
        calls += 1;
        if (calls === 1) throw new Error('not now');
        return Promise.resolve();
      });
      await log.produce(topic, recordsOf(1, 1));
      await until(setting, () => calls === 2);
    });

    test('a group that is stuck doesn’t hold up another', async () => {
      const topic = secureId();
      await consume(topic, secureId(), () => Promise.reject(new Error('never')));
      const { records } = await collect(topic, secureId());
      await log.produce(topic, recordsOf(3, 3));
      await until(setting, () => records.length === 9);
    });

    test('consumers of a group share the keys, and each key stays with one', async () => {
      const [topic, group] = [secureId(), secureId()];
      const consumers = [await collect(topic, group), await collect(topic, group)];
      const sent = recordsOf(60, 4);
      for (let at = 0; at < sent.length; at += 60) await log.produce(topic, sent.slice(at, at + 60));
      const all = () => consumers.flatMap(({ records }) => records);
      await until(setting, () => all().length >= sent.length);
      expect(byKey(all())).toEqual(byKey(sent));
      const keys = consumers.map(({ records }) => new Set(records.map(({ key }) => key)));
      expect(Math.min(...keys.map((own) => own.size))).toBeGreaterThan(0);
      expect((keys[0]?.size ?? 0) + (keys[1]?.size ?? 0)).toBe(60);
    });

    test('what a leaving consumer would have had goes to the others, in order', async () => {
      const [topic, group] = [secureId(), secureId()];
      const done: LogRecord<Value>[] = [];
      let finish = () => {};
      let held = 0;
      const leave = await consume(topic, group, async (batch) => {
        held += batch.length;
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        done.push(...batch);
      });
      await log.produce(topic, recordsOf(20, 1));
      await until(setting, () => held > 0);
      await consume(topic, group, async (batch) => {
        done.push(...batch);
      });
      const left = leave();
      await log.produce(
        topic,
        recordsOf(20, 2).filter(({ value }) => value.n === 1),
      );
      finish();
      await left;
      await until(setting, () => done.length >= 40);
      expect(byKey(withoutRepeats(done))).toEqual(byKey(recordsOf(20, 2)));
    });

    test('nothing to say is taken', async () => {
      await log.produce(secureId(), []);
    });
  });
}

/** `each` records of `keys` keys, the keys taking turns. */
function recordsOf(keys: number, each: number): LogRecord<Value>[] {
  return Array.from({ length: keys * each }, (_, at) => {
    const key = `group:${String(at % keys).padStart(8, '0')}`;
    return { key, value: { key, n: Math.floor(at / keys) } };
  });
}

/** Delivery is at least once. */
function withoutRepeats(records: Records): Records {
  const seen = new Set<string>();
  return records.filter(({ key, value }) => !seen.has(`${key} ${value.n}`) && seen.add(`${key} ${value.n}`));
}

function byKey(records: Records): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const { key, value } of records) {
    found[key] = [...(found[key] ?? []), value.n];
    expect(value.key).toBe(key);
  }
  return found;
}
