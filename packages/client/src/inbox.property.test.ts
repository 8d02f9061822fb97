import { countsFor, type Entry } from '@tidings/api/entry';
import { seq, type UserId } from '@tidings/api/ids';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldLog } from '../../../tests/invariants/fold.ts';
import { heldAfter } from './ranges.ts';
import { Desk, pageOf, says } from './testing/desk.ts';
import { FakeLog } from './testing/fake-log.ts';
import { headOf } from './testing/fake-server.ts';
import { anna, annaBen, ben } from './testing/world.ts';

describe('inbox', () => {
  test('SYNC2 INV3 INV5 INV11 SEND3 any interleaving of pushes and reads, lost, doubled or late, shows what the log says', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(planned, { maxLength: 30, size: 'max' }),
        fc.array(step, { maxLength: 120, size: 'max' }),
        async (plan, steps) => {
          const log = new FakeLog(annaBen, [anna, ben]);
          const desk = new Desk();
          const late: (() => Promise<void>)[] = [];
          await desk.head(headOf(log, anna));
          let planned = 0;
          for (const { type, a, b, now } of steps) {
            const news = newsOf(type, { log, desk, a, b, grow: () => plan[planned++] });
            if (!news) continue;
            const before = marksOf(desk);
            if (now) await news();
            else late.push(news);
            expectMarks(desk, log, before);
            if (type === 'late' && late.length > 0) await late.splice(a % late.length, 1)[0]?.();
          }
          for (const news of late) await news();
          await desk.readAll(log);
          await expectLog(desk, log);
        },
      ),
      { numRuns: 200 },
    );
  });
});

type Planned = { kind: string; sender: UserId; target: number; content: string; copyOf: number | null };
const planned: fc.Arbitrary<Planned> = fc.record({
  kind: fc.constantFrom('message', 'message', 'message', 'edit', 'reaction', 'delete', 'void'),
  sender: fc.constantFrom(anna, ben),
  target: fc.nat(),
  content: fc.constantFrom('👍', '❤️', ''),
  copyOf: fc.option(fc.nat(), { freq: 2 }),
});

const step = fc.record({
  type: fc.constantFrom('grow', 'grow', 'push', 'push', 'push', 'page', 'page', 'head', 'late', 'read'),
  a: fc.nat(200),
  b: fc.nat(200),
  /** Whether what was read or pushed now arrives now, or later. */
  now: fc.boolean(),
});

type Moment = { log: FakeLog; desk: Desk; a: number; b: number; grow: () => Planned | undefined };

/** What a step brings to the device: made now, to be taken in now or later. */
function newsOf(type: string, { log, desk, a, b, grow }: Moment): (() => Promise<void>) | null {
  switch (type) {
    case 'grow': {
      const plan = grow();
      if (!plan) return null;
      const entry = append(log, plan);
      return () => desk.push(entry);
    }
    case 'push': {
      const entries = log.list();
      const some = entries.slice(a % (entries.length + 1), (a % (entries.length + 1)) + 1 + (b % 3));
      return () => desk.push(...some);
    }
    case 'page': {
      if (log.head === 0) return null;
      const first = 1 + (a % log.head);
      const page = pageOf(log, first, Math.min(log.head, first + (b % 9)), b % 2 ? 'oldest' : 'newest');
      return () => desk.page(page);
    }
    case 'head': {
      const head = headOf(log, anna);
      return () => desk.head(head);
    }
    case 'read': {
      const upTo = seq(a % (log.head + 1));
      log.marks.set(anna, {
        delivered: Math.max(upTo, log.marksOf(anna).delivered),
        read: Math.max(upTo, log.marksOf(anna).read),
      });
      return () =>
        desk.inbox.take({ type: 'own-marks', conversationId: annaBen, delivered: upTo, read: upTo });
    }
    default:
      return () => Promise.resolve();
  }
}

function append(log: FakeLog, { kind, sender, target, content, copyOf }: Planned): Entry {
  const entries = log.list();
  const original =
    copyOf === null
      ? undefined
      : entries.filter((entry) => entry.kind !== 'void')[copyOf % Math.max(1, entries.length)];
  if (original) {
    const { seq: _, conversationId: _c, deleted: _d, ...copy } = original;
    return log.append({ ...copy, sentAt: 1_000 + log.head });
  }
  const targets = entries.filter((entry) => entry.kind === 'message');
  const about = targets[target % Math.max(1, targets.length)];
  if (kind === 'void') return log.append({ kind, sender: ben, sentAt: 1_000 + log.head, content: '' });
  if (kind === 'message' || !about) return says(log, `message ${log.head + 1}`, { sender });
  const edited =
    kind === 'edit'
      ? { sender: about.sender, content: `edit ${log.head + 1}` }
      : { sender, content: kind === 'delete' ? '' : content };
  return says(log, '', { ...edited, kind, target: about.seq });
}

const marksOf = (desk: Desk) => {
  const { delivered, read } = desk.inbox.row(annaBen) ?? { delivered: 0, read: 0 };
  return { delivered, read };
};

/** INV5, MARK2: only growing, in order, and never over what isn't held, unless another device has it. */
function expectMarks(desk: Desk, log: FakeLog, before: { delivered: number; read: number }): void {
  const row = desk.inbox.row(annaBen);
  if (!row) return;
  expect(row.read).toBeLessThanOrEqual(row.delivered);
  expect(row.delivered).toBeLessThanOrEqual(row.head);
  expect(row.delivered).toBeGreaterThanOrEqual(before.delivered);
  expect(row.read).toBeGreaterThanOrEqual(before.read);
  const told = Math.max(before.delivered, log.marksOf(anna).delivered);
  expect(row.delivered).toBeLessThanOrEqual(Math.max(told, heldAfter(row.ranges, seq(told))));
}

/** The device shows what the log says, as an independent reading of the log has it. */
async function expectLog(desk: Desk, log: FakeLog): Promise<void> {
  const entries = log.list();
  const expected = foldLog(entries, 1, log.head).filter(
    (row) => entries.find((entry) => entry.seq === row.seq)?.kind === 'message',
  );
  const shown = (await desk.visible()).map((row) => ({
    seq: row.seq,
    content: row.content,
    deleted: row.deleted === true,
    reactions: row.reactions ?? {},
  }));
  expect(shown.map(canonical)).toEqual(expected.map(canonical));
  const row = desk.inbox.row(annaBen);
  const read = log.marksOf(anna).read;
  const unread = expected.filter(
    (each) => each.seq > read && !each.deleted && countsFor(entries[each.seq - 1] as Entry, anna),
  ).length;
  expect({ ...row, last: row?.last?.seq ?? null }).toMatchObject({
    unread,
    last: expected.at(-1)?.seq ?? null,
    head: log.head,
    delivered: log.head,
    read,
    ranges: log.head > 0 ? [{ first: 1, last: log.head }] : [],
  });
  expect(await desk.store.conversation(annaBen)).toEqual(row);
}

const canonical = (row: {
  seq: number;
  content: string;
  deleted: boolean;
  reactions: Readonly<Record<string, readonly string[]>>;
}) =>
  `${row.seq} ${row.deleted ? 'deleted' : row.content} ${
    row.deleted
      ? ''
      : Object.entries(row.reactions)
          .map(([emoji, users]) => `${emoji}${[...users].sort()}`)
          .sort()
  }`;
