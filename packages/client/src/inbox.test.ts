import { seq } from '@tidings/api/ids';
import { describe, expect, test } from 'vitest';
import { Inbox } from './inbox.ts';
import { LocalStoreFull } from './local-store.ts';
import { SafeStore } from './safe-store.ts';
import { chatOf, Desk, pageOf, says, self } from './testing/desk.ts';
import { FakeLog } from './testing/fake-log.ts';
import { headOf } from './testing/fake-server.ts';
import { anna, annaBen, ben } from './testing/world.ts';

describe('inbox', () => {
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

  test('GRP5 INV8 a head of a server that was behind doesn’t open again what ended', async () => {
    const { log, desk } = await chatOf(4);
    const before = headOf(log, anna);
    log.spans.set(anna, { joinedSeq: seq(1), removedSeq: seq(4) });
    await desk.head(headOf(log, anna));
    says(log, 'secret');
    const behind = { ...before, head: seq(5), unread: 5, last: log.list().at(-1) ?? null };
    await desk.head(behind);
    const ended = { head: 4, removedSeq: 4, unread: 4, last: { seq: 4 } };
    expect(desk.inbox.row(annaBen)).toMatchObject(ended);
    await desk.inbox.take({ type: 'heads', heads: [headOf(log, anna), behind] });
    expect(desk.inbox.row(annaBen)).toMatchObject(ended);

    log.spans.set(anna, { joinedSeq: seq(6), removedSeq: null });
    const now = headOf(log, anna);
    await desk.inbox.take({ type: 'heads', heads: [now, behind, { ...behind, removedSeq: seq(4) }] });
    expect(desk.inbox.row(annaBen)).toMatchObject({ joinedSeq: 6, removedSeq: null });
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

  test('INV6 what came before the removal was known, from above it, counts no more', async () => {
    const { log, desk } = await chatOf(5);
    const head = headOf(log, anna);
    await desk.push(says(log, 'not for them'));
    expect(desk.inbox.row(annaBen)).toMatchObject({ head: 6, unread: 6 });
    await desk.head({ ...head, removedSeq: seq(5) });
    expect(desk.inbox.row(annaBen)).toMatchObject({ head: 5, unread: 5 });
  });

  test('INV6 what made room and is read again at once counts once', async () => {
    const { log, desk } = await chatOf(5);
    const evicted = desk.inbox.take({
      type: 'evict',
      conversationId: annaBen,
      first: seq(1),
      last: seq(3),
    });
    await Promise.all([evicted, desk.page(pageOf(log, 1, 3))]);
    expect(desk.inbox.row(annaBen)).toMatchObject({ ranges: [{ first: 1, last: 5 }], unread: 5 });
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

  describe('a group’s newest lines say what it is called before the directory does', () => {
    const named = (log: FakeLog, name: string) =>
      says(log, JSON.stringify({ type: 'named', name }), { kind: 'change' });
    const oldHead = (log: FakeLog) => ({
      ...headOf(log, anna),
      kind: 'group' as const,
      group: { name: 'Old', description: '', iconId: null, memberCount: 2 },
    });
    const groupOf = async () => {
      const { log, desk } = await chatOf(1);
      await desk.head(oldHead(log));
      return { log, desk, name: () => desk.inbox.row(annaBen)?.group?.name };
    };

    test('when they come', async () => {
      const { log, desk, name } = await groupOf();
      await desk.push(named(log, 'New'));
      expect(name()).toBe('New');
      expect(desk.wantsHead).toBe('twice');
    });

    test('also when a head came before them that knows of their position', async () => {
      const { log, desk, name } = await groupOf();
      const line = named(log, 'New');
      await desk.head(oldHead(log));
      await desk.push(line);
      expect(name()).toBe('New');
      expect(desk.wantsHead).toBe('twice');
    });

    test('not when they are history; what was just written is asked about', async () => {
      const { log, desk, name } = await groupOf();
      const line = named(log, 'New');
      says(log, 'nice name');
      await desk.head(oldHead(log));
      await desk.page(pageOf(log, 2, 2));
      expect(name()).toBe('Old');
      expect(desk.wantsHead).toBe('no');
      const again = await groupOf();
      named(again.log, 'New');
      says(again.log, 'nice name');
      await again.desk.head(oldHead(again.log));
      await again.desk.push(line);
      expect(again.name()).toBe('Old');
      expect(again.desk.wantsHead).toBe('twice');
    });
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
