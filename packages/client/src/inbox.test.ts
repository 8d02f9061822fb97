import { countsFor, type Entry } from '@tidings/api/entry';
import { type ConversationId, deviceId, type Seq, seq, type UserId } from '@tidings/api/ids';
import type { RangePage } from '@tidings/api/message';
import type { Head } from '@tidings/api/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldLog } from '../../../tests/invariants/fold.ts';
import type { Digested } from './digest.ts';
import { Inbox } from './inbox.ts';
import type { LocalEntry } from './local-store.ts';
import { LocalStoreFull } from './local-store.ts';
import { MemoryStore } from './memory-store.ts';
import { heldAfter, holesIn } from './ranges.ts';
import { SafeStore } from './safe-store.ts';
import { FakeLog } from './testing/fake-log.ts';
import { headOf } from './testing/fake-server.ts';
import { VirtualClock } from './testing/virtual-clock.ts';
import { anna, annaBen, ben } from './testing/world.ts';

const self = { userId: anna, deviceId: deviceId('anna-phone-000000') };

/** A device's inbox without an engine around it: the test says what comes, and when. */
class Desk {
  readonly clock = new VirtualClock();
  readonly store = new MemoryStore();
  readonly inbox: Inbox;
  readonly reread: Seq[] = [];
  readonly unknown: ConversationId[] = [];
  applies = 0;

  constructor() {
    const store = new SafeStore({ beneath: this.store, clock: this.clock, changed: () => {} });
    const report = (error: unknown) => {
      throw error;
    };
    this.inbox = new Inbox({ store, self, clock: this.clock, report });
    this.inbox.listen({
      changed: (_, digested: Pick<Digested, 'reread'>) => void this.reread.push(...digested.reread),
      unknown: (ids) => void this.unknown.push(...ids),
    });
    this.store.observe(() => {
      this.applies += 1;
    });
  }

  head = (head: Head) => this.inbox.take({ type: 'heads', heads: [head] });
  push = (...entries: Entry[]) => this.inbox.take({ type: 'pushed', entries });
  page = (...pages: RangePage[]) => this.inbox.take({ type: 'pages', pages });

  rows = (): Promise<readonly LocalEntry[]> =>
    this.store.entries(annaBen, seq(0), seq(2 ** 40), 'oldest', 10_000);
  visible = async () => (await this.rows()).filter((row) => row.visible === 1);

  /** What is missing is read, until there is nothing left to read. */
  async readAll(log: FakeLog): Promise<void> {
    await this.head(headOf(log, anna));
    for (;;) {
      const row = this.inbox.row(annaBen);
      const [hole] = holesIn(row?.ranges ?? [], seq(1), seq(log.head)).slice(-1);
      const again = this.reread.splice(0);
      if (!hole && again.length === 0) return;
      if (hole) await this.page(pageOf(log, hole.first, hole.last));
      for (const at of again)
        await this.inbox.take({ type: 'pages', pages: [pageOf(log, at, at)], rebuild: true });
    }
  }
}

const pageOf = (
  log: FakeLog,
  first: number,
  last: number,
  from: 'oldest' | 'newest' = 'newest',
): RangePage => {
  const range = { conversationId: annaBen, first: seq(first), last: seq(last), from, limit: 15 };
  return log.read(anna, range, 15);
};

const says = (log: FakeLog, content: string, more: Partial<Entry> = {}): Entry =>
  log.append({
    kind: 'message',
    sender: ben,
    device: deviceId('ben-phone-0000000'),
    clientId: `client-${log.head + 1}-0000` as never,
    sentAt: 1_000 + log.head,
    content,
    ...more,
  });

describe('inbox', () => {
  test('SYNC2 INV3 INV5 INV11 SEND3 any interleaving of pushes and reads, lost, doubled or late, shows what the log says', async () => {
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
      { numRuns: 300 },
    );
  });

  test('SYNC3 what lies beyond a gap is not shown before the gap is final', async () => {
    const { log, desk } = await chatOf(3);
    says(log, 'four');
    const five = says(log, 'five');
    await desk.push(five);
    expect(await desk.visible()).toHaveLength(3);
    expect(desk.inbox.row(annaBen)).toMatchObject({ head: 5, ranges: [{ first: 1, last: 3 }] });
    await desk.page(pageOf(log, 4, 4));
    expect((await desk.visible()).map((row) => row.content).slice(3)).toEqual(['four', 'five']);
  });

  test('SYNC2 the changes of one batch are one apply, whatever it holds', async () => {
    const { log, desk } = await chatOf(3);
    desk.applies = 0;
    const entries = [
      says(log, 'a'),
      says(log, 'b'),
      says(log, 'c', { kind: 'edit', target: seq(2) }),
      says(log, 'd', { sender: anna }),
    ];
    await desk.push(...entries);
    expect(desk.applies).toBe(1);
    await desk.push(...entries);
    expect(desk.applies).toBe(1);
  });

  test('SEND3 of two copies of a send the lower counts, whichever is known first', async () => {
    for (const order of [
      [4, 5],
      [5, 4],
    ] as const) {
      const { log, desk } = await chatOf(3);
      const first = says(log, 'once');
      says(log, 'once', { ...(first.clientId ? { clientId: first.clientId } : {}) });
      await desk.head(headOf(log, anna));
      for (const at of order) await desk.page(pageOf(log, at, at));
      expect((await desk.visible()).map((row) => row.seq)).toEqual([1, 2, 3, 4]);
      expect((await desk.rows()).at(-1)).toMatchObject({ seq: 5, duplicate: true, visible: 0 });
      expect(desk.inbox.row(annaBen)).toMatchObject({ unread: 4, last: { seq: 4 } });
    }
  });

  test('SEND3 a later copy of a reaction that came before the first is taken back', async () => {
    const { log, desk } = await chatOf(1);
    const first = says(log, '👍', { kind: 'reaction', target: seq(1) });
    says(log, '❤️', { kind: 'reaction', target: seq(1) });
    says(log, '👍', {
      kind: 'reaction',
      target: seq(1),
      ...(first.clientId ? { clientId: first.clientId } : {}),
    });
    await desk.head(headOf(log, anna));
    await desk.page(pageOf(log, 4, 4));
    expect((await desk.rows())[0]?.reactions).toEqual({ '👍': [ben] });
    await desk.page(pageOf(log, 2, 3));
    expect(desk.reread).toEqual([1]);
    await desk.readAll(log);
    expect((await desk.rows())[0]?.reactions).toEqual({ '❤️': [ben] });
  });

  test('INV11 a push that comes late does not bring back what was deleted meanwhile', async () => {
    const log = new FakeLog(annaBen, [anna, ben]);
    const secret = says(log, 'secret');
    says(log, 'more');
    says(log, '', { kind: 'delete', target: seq(1) });
    log.marks.set(anna, { delivered: 3, read: 3 });
    const desk = new Desk();
    await desk.head(headOf(log, anna));
    await desk.push(secret);
    expect(await desk.rows()).toEqual([]);
    await desk.readAll(log);
    expect((await desk.rows())[0]).toMatchObject({ seq: 1, content: '', deleted: true });
  });

  test('OUT3 a send leaves the outbox with the apply that stores its entry', async () => {
    const { log, desk } = await chatOf(1);
    const mine = says(log, 'mine', { sender: anna, device: self.deviceId });
    const item = {
      clientId: mine.clientId as never,
      conversationId: annaBen,
      kind: 'message' as const,
      content: 'mine',
      createdAt: 1,
      state: { type: 'waiting' as const },
    };
    await desk.store.apply([{ type: 'put-outbox', item }]);
    desk.applies = 0;
    await desk.push(mine);
    expect([desk.applies, await desk.store.outbox(), (await desk.rows()).length]).toEqual([1, [], 2]);
  });

  test('OUT3 an acknowledged send beyond a gap shows as sent until the gap is read', async () => {
    const { log, desk } = await chatOf(1);
    says(log, 'theirs');
    const mine = says(log, 'mine', { sender: anna, device: self.deviceId });
    const item = {
      clientId: mine.clientId as never,
      conversationId: annaBen,
      kind: 'message' as const,
      content: 'mine',
      createdAt: 1,
      state: { type: 'waiting' as const },
    };
    await desk.store.apply([{ type: 'put-outbox', item }]);
    await desk.inbox.take({ type: 'acknowledged', sends: [{ item, seq: mine.seq, sentAt: mine.sentAt }] });
    expect((await desk.store.outbox())[0]?.state).toEqual({ type: 'sent', seq: 3, sentAt: mine.sentAt });
    await desk.page(pageOf(log, 2, 3));
    expect(await desk.store.outbox()).toEqual([]);
    expect((await desk.rows()).at(-1)).toEqual({
      ...mine,
      visible: 1,
      send: `${anna}/${self.deviceId}/${mine.clientId}`,
    });
  });

  test('MARK2 the delivered mark moves over what is held without a gap, when the store has it', async () => {
    const { log, desk } = await chatOf(3);
    expect(desk.inbox.row(annaBen)?.delivered).toBe(3);
    says(log, 'four');
    await desk.push(says(log, 'five'));
    expect(desk.inbox.row(annaBen)?.delivered).toBe(3);
    await desk.page(pageOf(log, 4, 4));
    expect((await desk.store.conversation(annaBen))?.delivered).toBe(5);
  });

  test('MARK2 what a full store could not take is shown, but does not count as delivered until it can', async () => {
    const { log, desk } = await chatOf(3);
    let full = true;
    const apply = desk.store.apply.bind(desk.store);
    desk.store.apply = async (changes) => {
      if (full) throw new LocalStoreFull();
      return apply(changes);
    };
    await desk.push(says(log, 'four'));
    expect(desk.inbox.row(annaBen)).toMatchObject({
      delivered: 3,
      head: 4,
      unread: 4,
      last: { content: 'four' },
    });
    full = false;
    await desk.clock.advance(10_000);
    await desk.push(says(log, 'five'));
    expect(await desk.store.conversation(annaBen)).toMatchObject({ delivered: 5 });
    expect((await desk.rows()).map((row) => row.seq)).toEqual([1, 2, 3, 4, 5]);
  });

  test('SYNC5 a store that fails for a moment is asked again, and nothing is lost or counted twice', async () => {
    const { log, desk } = await chatOf(3);
    let failures = 3;
    const apply = desk.store.apply.bind(desk.store);
    desk.store.apply = async (changes) => {
      if (failures-- > 0) throw new Error('a moment');
      return apply(changes);
    };
    const taken = desk.push(says(log, 'four'));
    await desk.clock.advance(5_000);
    await taken;
    expect(desk.inbox.row(annaBen)).toMatchObject({ unread: 4, delivered: 4 });
  });

  test('GRP5 ACC2 who was removed keeps the history up to then, and nothing from above', async () => {
    const { log, desk } = await chatOf(5);
    log.spans.set(anna, { joinedSeq: seq(1), removedSeq: seq(4) });
    await desk.head(headOf(log, anna));
    await desk.push(says(log, 'secret'));
    expect((await desk.rows()).map((row) => row.seq)).toEqual([1, 2, 3, 4]);
    expect(desk.inbox.row(annaBen)).toMatchObject({ head: 4, removedSeq: 4, last: { seq: 4 } });
  });

  test('ACC2 who comes back to a group starts a new span', async () => {
    const { log, desk } = await chatOf(5);
    log.spans.set(anna, { joinedSeq: seq(5), removedSeq: null });
    await desk.head(headOf(log, anna));
    expect((await desk.rows()).map((row) => row.seq)).toEqual([5]);
    await desk.push(says(log, 'welcome back'));
    expect((await desk.rows()).map((row) => row.seq)).toEqual([5, 6]);
  });

  test('INV6 unread follows marks, hidden and deleted messages, and clearing', async () => {
    const { log, desk } = await chatOf(6);
    const unread = () => desk.inbox.row(annaBen)?.unread;
    const own = (read: number) =>
      desk.inbox.take({ type: 'own-marks', conversationId: annaBen, delivered: seq(0), read: seq(read) });
    expect(unread()).toBe(6);
    await own(2);
    expect(unread()).toBe(4);
    await desk.push(says(log, '', { kind: 'delete', target: seq(3) }));
    expect(unread()).toBe(3);
    await desk.push(says(log, '', { kind: 'delete', target: seq(1) }), says(log, 'own', { sender: anna }));
    expect(unread()).toBe(3);
    await desk.inbox.take({ type: 'items', items: [{ key: `hide:${annaBen}:4`, value: true }] });
    expect(unread()).toBe(2);
    await desk.inbox.take({ type: 'items', items: [{ key: `clear:${annaBen}`, value: 5 }] });
    expect(unread()).toBe(1);
    expect((await desk.rows()).map((row) => row.seq)).toEqual([6, 7, 8, 9]);
    await own(99);
    expect(unread()).toBe(0);
  });

  test('INV6 where not all is held, unread is the server’s figure and what came since', async () => {
    const log = new FakeLog(annaBen, [anna, ben]);
    for (let n = 1; n <= 40; n += 1) says(log, `message ${n}`);
    log.marks.set(anna, { delivered: 40, read: 10 });
    const desk = new Desk();
    await desk.head(headOf(log, anna));
    expect(desk.inbox.row(annaBen)?.unread).toBe(30);
    await desk.push(says(log, 'more'));
    expect(desk.inbox.row(annaBen)).toMatchObject({
      unread: 31,
      ranges: [{ first: 41, last: 41 }],
      last: { content: 'more' },
    });
    await desk.page(pageOf(log, 30, 40));
    expect(desk.inbox.row(annaBen)?.unread).toBe(31);
  });

  test('ACCT1 what the account says of a conversation is there when the conversation comes later', async () => {
    const log = new FakeLog(annaBen, [anna, ben]);
    for (let n = 1; n <= 3; n += 1) says(log, `message ${n}`);
    const desk = new Desk();
    const items = [
      { key: `pin:${annaBen}`, value: 7 },
      { key: `mute:${annaBen}`, value: 0 },
      { key: `archive:${annaBen}`, value: true },
      { key: `draft:${annaBen}`, value: { text: 'half', at: 1 } },
      { key: `star:${annaBen}:2`, value: 9 },
      { key: `hide:${annaBen}:3`, value: true },
    ];
    await desk.inbox.take({ type: 'items', items });
    await desk.readAll(log);
    expect(desk.inbox.row(annaBen)).toMatchObject({
      pinnedAt: 7,
      mutedUntil: 0,
      archived: true,
      draft: 'half',
      last: { seq: 2 },
    });
    expect((await desk.rows()).map((row) => [row.visible, row.starredAt])).toEqual([
      [1, undefined],
      [1, 9],
      [0, undefined],
    ]);
    await desk.inbox.take({ type: 'items', items: items.map(({ key }) => ({ key, value: null })) });
    expect(desk.inbox.row(annaBen)).toMatchObject({
      pinnedAt: null,
      mutedUntil: null,
      archived: false,
      draft: null,
      last: { seq: 3 },
    });
  });

  test('a push for an unknown conversation waits for its head, and is not lost', async () => {
    const log = new FakeLog(annaBen, [anna, ben]);
    const desk = new Desk();
    await desk.push(says(log, 'hello stranger'));
    expect(desk.unknown).toEqual([annaBen]);
    await desk.head(headOf(log, anna));
    expect((await desk.visible()).map((row) => row.content)).toEqual(['hello stranger']);
  });

  test('a group’s newest lines say what it is called before the directory does', async () => {
    const { log, desk } = await chatOf(1);
    await desk.head({
      ...headOf(log, anna),
      kind: 'group',
      group: { name: 'Old', description: '', iconId: null, memberCount: 2 },
    });
    await desk.push(says(log, JSON.stringify({ type: 'named', name: 'New' }), { kind: 'change' }));
    expect(desk.inbox.row(annaBen)?.group?.name).toBe('New');
  });

  test('SYNC5 an interrupted device knows after a restart what it still has to read', async () => {
    const { log, desk } = await chatOf(3);
    for (let n = 0; n < 30; n += 1) says(log, `more ${n}`);
    await desk.head(headOf(log, anna));
    await desk.page(pageOf(log, 30, 33));
    const again = new Inbox({
      store: new SafeStore({ beneath: desk.store, clock: desk.clock, changed: () => {} }),
      self,
      clock: desk.clock,
      report: () => {},
    });
    await again.load();
    expect(again.get(annaBen)).toMatchObject({
      synced: 3,
      row: {
        ranges: [
          { first: 1, last: 3 },
          { first: 30, last: 33 },
        ],
      },
    });
    await desk.readAll(log);
    await again.load();
    expect(again.get(annaBen)).toMatchObject({ synced: 33 });
  });

  test('what is far behind and delivered elsewhere is let go instead of caught up with', async () => {
    const { log, desk } = await chatOf(3);
    log.head = 20_000;
    log.marks.set(anna, { delivered: 19_990, read: 0 });
    await desk.head({ ...headOf(log, anna), headAt: 5 });
    expect(desk.inbox.get(annaBen)).toMatchObject({ synced: 19_990, row: { ranges: [] } });
    expect(await desk.rows()).toEqual([]);
  });
});

/** A chat of which the device holds everything. */
async function chatOf(messages: number) {
  const log = new FakeLog(annaBen, [anna, ben]);
  for (let n = 1; n <= messages; n += 1) says(log, `message ${n}`);
  const desk = new Desk();
  await desk.readAll(log);
  return { log, desk };
}

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
