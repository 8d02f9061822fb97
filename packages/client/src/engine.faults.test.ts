import { countsFor, type Entry } from '@tidings/api/entry';
import type { ConversationId, Seq, UserId } from '@tidings/api/ids';
import { seq } from '@tidings/api/ids';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldLog } from '../../../tests/invariants/fold.ts';
import type { LocalEntry } from './local-store.ts';
import { heldAfter } from './ranges.ts';
import type { FakeLog } from './testing/fake-log.ts';
import { anna, annaBen, ben, cleo, group, type TestDevice, World } from './testing/world.ts';

const chats = [annaBen, group] as const;

type Sent = {
  readonly device: string;
  readonly conversation: ConversationId;
  readonly client: string;
  readonly kind: string;
};

/** Devices that do things at random on a network that loses calls, answers and pushes, and then a quiet time. */
class Storm {
  readonly world = new World();
  readonly devices: TestDevice[] = [];
  readonly sent: Sent[] = [];
  #seen = new Map<string, { delivered: number; read: number }>();

  constructor() {
    for (const [user, name] of [
      [anna, 'phone'],
      [anna, 'desk'],
      [ben, 'phone'],
      [cleo, 'phone'],
    ] as const) {
      this.devices.push(this.world.device(user, { name }));
    }
  }

  rage(rate: number): void {
    const { world } = this;
    const strikes = () => world.random() < rate;
    const sometimes = () =>
      strikes()
        ? []
        : strikes()
          ? [1, Math.floor(world.random() * 400)]
          : [1 + Math.floor(world.random() * 30)];
    Object.assign(world.server.faults, {
      loseCall: strikes,
      loseAnswer: strikes,
      forgetSend: strikes,
      pushDelays: sometimes,
    });
  }

  calm(): void {
    Object.assign(this.world.server.faults, {
      loseCall: () => false,
      loseAnswer: () => false,
      forgetSend: () => false,
      pushDelays: () => [1],
    });
    for (const device of this.devices) device.engine.wake();
  }

  async act({ who, what, where, which }: Act): Promise<void> {
    const device = this.devices[who % this.devices.length] as TestDevice;
    const conversation = (device.userId === cleo ? group : chats[where % 2]) as ConversationId;
    const target = await this.#target(device, conversation, which);
    switch (what) {
      case 'send':
        return this.#note(
          device,
          conversation,
          'message',
          device.engine.send(conversation, { type: 'text', text: `${which}` }),
        );
      case 'edit':
        if (target?.sender !== device.userId) return;
        return this.#note(
          device,
          conversation,
          'edit',
          device.engine.edit(conversation, target.seq, { type: 'text', text: `edited ${which}` }),
        );
      case 'react':
        if (target)
          await this.#note(
            device,
            conversation,
            'reaction',
            device.engine.react(conversation, target.seq, ['👍', '❤️', ''][which % 3] ?? ''),
          );
        return;
      case 'remove':
        if (target?.sender === device.userId)
          await this.#note(device, conversation, 'delete', device.engine.remove(conversation, target.seq));
        return;
      case 'read':
        return device.engine.markRead(
          conversation,
          (await device.store.conversation(conversation))?.delivered ?? seq(0),
        );
      case 'cut':
        return this.world.server.cut();
      case 'restart':
        return this.#restart(who % this.devices.length);
      case 'wait':
        return this.world.clock.advance(which * 10);
    }
  }

  /** Marks seen on a device only grow, and stand in their order (INV5). */
  async watchMarks(): Promise<void> {
    for (const device of this.devices) {
      for (const row of await device.store.conversations()) {
        const key = `${device.deviceId} ${row.conversationId}`;
        const before = this.#seen.get(key) ?? { delivered: 0, read: 0 };
        expect(row.delivered).toBeGreaterThanOrEqual(before.delivered);
        expect(row.read).toBeGreaterThanOrEqual(before.read);
        expect(row.read).toBeLessThanOrEqual(row.delivered);
        expect(row.delivered).toBeLessThanOrEqual(row.head);
        // MARK2: with one device, delivered is what that device holds.
        if (device.userId !== anna) expect(row.delivered).toBe(heldAfter(row.ranges, seq(0)));
        this.#seen.set(key, row);
      }
    }
  }

  async #target(
    device: TestDevice,
    conversation: ConversationId,
    which: number,
  ): Promise<LocalEntry | undefined> {
    const rows = await device.store.entries(conversation, seq(1), seq(2 ** 40), 'oldest', 1_000);
    const messages = rows.filter((row) => row.kind === 'message' && row.visible === 1 && !row.deleted);
    return messages[which % Math.max(1, messages.length)];
  }

  async #note(
    device: TestDevice,
    conversation: ConversationId,
    kind: string,
    sent: Promise<string>,
  ): Promise<void> {
    this.sent.push({ device: device.deviceId, conversation, kind, client: await sent });
  }

  async #restart(index: number): Promise<void> {
    const { store, userId, deviceId, engine } = this.devices[index] as TestDevice;
    await engine.stop();
    const name = deviceId.slice(userId.length + 1).replace(/-+$/, '');
    this.devices[index] = this.world.device(userId, { name, store });
  }
}

type Act = {
  who: number;
  what: 'send' | 'edit' | 'react' | 'remove' | 'read' | 'cut' | 'restart' | 'wait';
  where: number;
  which: number;
};
const act: fc.Arbitrary<Act> = fc.record({
  who: fc.nat(7),
  what: fc.constantFrom(
    'send',
    'send',
    'send',
    'edit',
    'react',
    'remove',
    'read',
    'cut',
    'restart',
    'wait',
    'wait',
    'wait',
  ),
  where: fc.nat(1),
  which: fc.nat(60),
});

describe('engine in a storm', () => {
  test('INV1 INV2 INV3 INV5 INV6 INV7 INV11 OUT2 after any faults all devices show the log within 10 s', {
    timeout: 120_000,
  }, async () => {
    const storms = fc.tuple(
      fc.array(act, { minLength: 10, maxLength: 60, size: 'max' }),
      fc.constantFrom(0.02, 0.1, 0.3),
    );
    await fc.assert(
      fc.asyncProperty(storms, async ([acts, rate]) => {
        const storm = new Storm();
        await using world = storm.world;
        storm.rage(rate);
        for (const each of acts) {
          await storm.act(each);
          await world.clock.advance(5);
          await storm.watchMarks();
        }
        storm.calm();
        await world.clock.advance(10_000);
        await storm.watchMarks();
        for (const device of storm.devices) await expectAtRest(world, device);
        expectOrder(storm);
      }),
      { numRuns: 60 },
    );
  });
});

async function expectAtRest(world: World, device: TestDevice): Promise<void> {
  expect(device.state().connection).toEqual({ type: 'live' });
  expect(await device.store.outbox()).toEqual([]);
  for (const id of chats) {
    const log = world.server.log(id);
    if (!log.spans.has(device.userId)) continue;
    const entries = log.list();
    const expected = foldLog(entries, 1, log.head);
    const rows = await device.store.entries(id, seq(0), seq(2 ** 40), 'oldest', 10_000);
    expect(rows.filter((row) => row.visible === 1).map(canonical)).toEqual(expected.map(canonical));
    const row = await device.store.conversation(id);
    const read = log.marksOf(device.userId).read;
    expect(row).toMatchObject({
      head: log.head,
      delivered: log.head,
      read,
      unread: unreadIn(entries, device.userId, read),
    });
    expect(log.marksOf(device.userId).delivered).toBe(log.head);
    expect(row?.othersDelivered).toBe(log.head);
    expect(row?.othersRead).toBe(leastRead(log, device.userId));
  }
}

function unreadIn(entries: readonly Entry[], user: UserId, read: Seq | number): number {
  const shown = new Set(foldLog(entries, 1, entries.length).map((row) => row.seq));
  return entries.filter((entry) => entry.seq > read && shown.has(entry.seq) && countsFor(entry, user)).length;
}

const leastRead = (log: FakeLog, self: UserId): number =>
  Math.min(
    log.head,
    ...[...log.spans.keys()].filter((user) => user !== self).map((user) => log.marksOf(user).read),
  );

/** OUT2, INV2: what a device sent to a conversation stands in its log in that order; further copies are void. */
function expectOrder({ world, sent }: Storm): void {
  for (const device of new Set(sent.map((each) => each.device))) {
    for (const conversation of chats) {
      const made = sent.filter((each) => each.device === device && each.conversation === conversation);
      const stored = world.server
        .log(conversation)
        .list()
        .filter((entry) => entry.device === device);
      expect([...new Set(stored.map((entry) => entry.clientId))]).toEqual(made.map((each) => each.client));
    }
  }
}

const canonical = (row: {
  seq: number;
  content: string;
  deleted?: boolean;
  reactions?: Readonly<Record<string, readonly string[]>>;
}) =>
  `${row.seq} ${row.deleted ? 'deleted' : row.content} ${Object.entries(row.reactions ?? {})
    .map(([emoji, users]) => `${emoji}${[...users].sort()}`)
    .sort()}`;
