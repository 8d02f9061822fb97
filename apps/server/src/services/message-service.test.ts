import { maxContentBytes } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import { accountId, type ConversationId, seq } from '@tidings/api/ids';
import type { Outgoing } from '@tidings/api/message';
import type { Caller } from '@tidings/api/trpc';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Gate, outgoing, someClientId, someGroup, World } from '../testing/world.ts';
import type { Ports } from './parts.ts';

let world: World;
let [anna, ben, chloe]: Caller[] = [] as never;
let chat: ConversationId;
let stored: Gate;
let storeIsDown: boolean;

/** A store that answers when the test lets it, or not at all. */
function gated(ports: Ports): Ports {
  const messages: Ports['messages'] = {
    ...ports.messages,
    async append(entries) {
      await stored.pass();
      if (storeIsDown) throw new TidingsError('unavailable');
      return ports.messages.append(entries);
    },
  };
  return { ...ports, messages };
}

beforeEach(async () => {
  stored = new Gate();
  storeIsDown = false;
  world = await World.start({ wrap: gated });
  [anna, ben, chloe] = await world.people('anna', 'ben', 'chloe');
  chat = await world.direct(anna!, ben!);
});
afterEach(() => world[Symbol.asyncDispose]());

const contents = async (reader: Caller, conversation = chat) =>
  (await world.log(reader, conversation)).map(({ content }) => content);

describe('sending', () => {
  test('SEND1 is answered when the entry is durable, and not before', async () => {
    stored.close();
    let answered = false;
    const sending = world
      .services()
      .messages.send(anna!, [outgoing(chat)])
      .then((results) => {
        answered = true;
        return results;
      });
    await world.settle();
    expect(answered).toBe(false);
    stored.open();
    expect(await world.do(sending)).toEqual([expect.objectContaining({ seq: 1, sentAt: world.clock.now() })]);
  });

  test('SEND1 a store that fails is told as a failure, and nothing is delivered', async () => {
    const ear = await world.connect(ben!);
    storeIsDown = true;
    expect(await world.send(anna!, chat)).toMatchObject({ error: 'unavailable' });
    await world.settle();
    expect(ear.of('entry')).toEqual([]);
  });

  test('SEND2 a retry answers the old position, and appends nothing', async () => {
    const message = outgoing(chat);
    const [first] = await world.sendAll(anna!, [message]);
    await world.send(ben!, chat);
    const [again] = await world.sendAll(anna!, [{ ...message, retrySince: seq(0) }]);
    expect(again).toEqual({ ...first, again: true });
    expect(await world.log(anna!, chat)).toHaveLength(2);
  });

  test('SEND2 a retry at another handler finds it in the log', async () => {
    await using two = await World.start({ servers: 2 });
    const [dora, emil] = await two.people('dora', 'emil');
    const conversation = await two.direct(dora, emil);
    for (let count = 0; count < 300; count += 1) await two.sent(emil, conversation);
    const message = outgoing(conversation);
    const [first] = await two.sendAll(dora, [message], 0);
    for (let count = 0; count < 300; count += 1) await two.sent(emil, conversation);
    const [again] = await two.sendAll(dora, [{ ...message, retrySince: seq(250) }], 1);
    expect(again).toEqual({ ...first, again: true });
  });

  test('SEND2 a retry that overtakes its first attempt waits for it', async () => {
    stored.close();
    const message = outgoing(chat);
    const { messages } = world.services();
    const both = Promise.all([
      messages.send(anna!, [message]),
      messages.send(anna!, [{ ...message, retrySince: seq(0) }]),
    ]);
    await world.settle();
    stored.open();
    const [first, second] = (await world.do(both)).flat();
    expect(first).toMatchObject({ seq: 1 });
    expect(second).toEqual({ ...first, again: true });
    expect(await world.log(anna!, chat)).toHaveLength(1);
  });

  test('SEND2 the same client id of another device or person is another message', async () => {
    const message = outgoing(chat);
    const phone = await world.device(anna!.userId);
    const positions = [
      await world.sendAll(anna!, [message]),
      await world.sendAll(phone, [message]),
      await world.sendAll(ben!, [message]),
    ];
    expect(positions.flat()).toEqual([1, 2, 3].map((at) => expect.objectContaining({ seq: at })));
  });

  test('SEND2 so does a copy that doesn’t say that it is one, at the same handler', async () => {
    const message = outgoing(chat);
    const [first] = await world.sendAll(anna!, [message]);
    expect(await world.sendAll(anna!, [message])).toEqual([{ ...first, again: true }]);
    expect(await world.log(anna!, chat)).toHaveLength(1);
  });

  test('SEND3 of two entries of one send a retry answers the first', async () => {
    await using two = await World.start({ servers: 2 });
    const [dora, emil] = await two.people('dora', 'emil');
    const conversation = await two.direct(dora, emil);
    const message = outgoing(conversation);
    for (const at of [0, 1]) await two.sendAll(dora, [message], at);
    expect(await two.log(emil, conversation)).toHaveLength(2);
    await two.startServer();
    const retry = two.sendAll(dora, [{ ...message, retrySince: seq(0) }], 2);
    expect(await retry).toEqual([expect.objectContaining({ seq: 1, again: true })]);
  });

  test('SEND4 the sends of a call stand in the order given', async () => {
    const messages = Array.from({ length: 64 }, (_, at) => outgoing(chat, { content: String(at) }));
    await world.sendAll(anna!, messages);
    expect(await contents(ben!)).toEqual(messages.map(({ content }) => content));
  });

  test('SEND4 behind one that failed with `later` none is appended', async () => {
    storeIsDown = true;
    const results = await world.sendAll(anna!, [outgoing(chat), outgoing(chat), outgoing(chat)]);
    expect(results).toEqual(results.map(() => expect.objectContaining({ error: 'unavailable' })));
  });

  test('SEND4 one refused for good lets those behind it pass', async () => {
    const edit = outgoing(chat, { kind: 'edit', target: seq(1) });
    expect(await world.sendAll(anna!, [edit, outgoing(chat)])).toEqual([
      expect.objectContaining({ error: 'not-found' }),
      expect.objectContaining({ seq: 1 }),
    ]);
  });

  test('SEND4 what stands behind a send that is under way elsewhere fails with it', async () => {
    const first = outgoing(chat, { content: 'first' });
    const second = outgoing(chat, { content: 'second' });
    stored.close();
    const { messages } = world.services();
    const one = messages.send(anna!, [first]);
    await world.settle();
    const both = messages.send(anna!, [{ ...first, retrySince: seq(0) }, second]);
    await world.settle();
    storeIsDown = true;
    stored.open();
    await world.do(one);
    storeIsDown = false;
    expect(await world.do(both)).toEqual([1, 2].map(() => expect.objectContaining({ error: 'unavailable' })));
    expect(await contents(anna!)).toEqual([]);
  });

  test('SEND4 two calls that wait for each other both come to an end', async () => {
    const [one, other] = [outgoing(chat), outgoing(chat)];
    const { messages } = world.services();
    const both = Promise.all([messages.send(anna!, [one, other]), messages.send(anna!, [other, one, one])]);
    const positions = (await world.do(both))
      .flat()
      .map((result) => ('seq' in result ? result.seq : result.error));
    expect(positions).toEqual([1, 2, 2, 1, 1]);
  });

  test('SEND5 strangers and past members are refused', async () => {
    const group = await world.group(anna!, ben!, chloe!);
    await world.do(world.services().groups.remove(anna!, group, chloe!.userId));
    expect(await world.send(chloe!, group)).toMatchObject({ error: 'not-a-member' });
    expect(await world.send(chloe!, chat)).toMatchObject({ error: 'not-found' });
    expect(await world.send(chloe!, someGroup())).toMatchObject({ error: 'not-found' });
    expect(await contents(anna!)).toEqual([]);
  });

  test.each([
    ['a', maxContentBytes, true],
    ['a', maxContentBytes + 1, false],
    ['ü', maxContentBytes / 2, true],
    ['ü', maxContentBytes / 2 + 1, false],
    ['€', maxContentBytes / 3, true],
    ['€', maxContentBytes / 3 + 1, false],
  ])('SEND6 content of %s × %i', async (letter, count, fits) => {
    const result = await world.send(anna!, chat, { content: letter.repeat(count) });
    expect('seq' in result).toBe(fits);
    expect(await world.log(anna!, chat)).toHaveLength(fits ? 1 : 0);
    if (!fits) expect(result).toMatchObject({ error: 'too-large' });
  });

  test.each(['change', 'account', 'call', 'void', 'anything'])(
    'SEND8 a client can’t send a %s',
    async (kind) => {
      expect(await world.send(anna!, chat, { kind: kind as Outgoing['kind'] })).toMatchObject({
        error: 'bad-input',
      });
    },
  );

  test('SEND8 an account log takes no sends, not even its owner’s', async () => {
    expect(await world.send(anna!, accountId(anna!.userId))).toMatchObject({ error: 'not-allowed' });
    expect(await world.send(anna!, accountId(ben!.userId))).toMatchObject({ error: 'not-found' });
  });
});

describe('SEND7 what is about a message', () => {
  test('SEND7 an edit is the sender’s', async () => {
    const target = await world.sent(anna!, chat);
    expect(await world.send(ben!, chat, { kind: 'edit', target })).toMatchObject({ error: 'not-allowed' });
    expect(await world.send(anna!, chat, { kind: 'edit', target })).toMatchObject({ seq: 2 });
  });

  test('SEND7 a deletion is the sender’s, or in a group an admin’s', async () => {
    const target = await world.sent(anna!, chat);
    expect(await world.send(ben!, chat, { kind: 'delete', target, content: '' })).toMatchObject({
      error: 'not-allowed',
    });
    expect(await world.send(anna!, chat, { kind: 'delete', target, content: '' })).toMatchObject({ seq: 2 });

    const group = await world.group(anna!, ben!, chloe!);
    const inGroup = await world.sent(ben!, group);
    const deletion = { kind: 'delete', target: inGroup, content: '' } as const;
    expect(await world.send(chloe!, group, deletion)).toMatchObject({ error: 'not-an-admin' });
    await world.do(world.services().groups.setRole(anna!, group, chloe!.userId, 'admin'));
    expect(await world.send(chloe!, group, deletion)).toHaveProperty('seq');
  });

  test('SEND7 a reaction is any member’s', async () => {
    const target = await world.sent(anna!, chat);
    expect(await world.send(ben!, chat, { kind: 'reaction', target, content: '👍' })).toMatchObject({
      seq: 2,
    });
  });

  test('SEND7 the target is a message, there, readable and not deleted', async () => {
    const group = await world.group(anna!, ben!);
    const early = await world.sent(anna!, group);
    await world.do(world.services().groups.add(anna!, group, [chloe!.userId]));
    const reaction = (target: number) => ({ kind: 'reaction', target: seq(target), content: '👍' }) as const;
    expect(await world.send(chloe!, group, reaction(early))).toMatchObject({ error: 'not-found' });
    expect(await world.send(anna!, group, reaction(1))).toMatchObject({ error: 'not-allowed' });
    expect(await world.send(anna!, group, reaction(99))).toMatchObject({ error: 'not-found' });
    const reacted = await world.sent(anna!, group, reaction(early));
    expect(await world.send(anna!, group, reaction(reacted))).toMatchObject({ error: 'not-allowed' });
    await world.sent(anna!, group, { kind: 'delete', target: early, content: '' });
    expect(await world.send(anna!, group, reaction(early))).toMatchObject({ error: 'not-allowed' });
    expect(await world.send(anna!, group, { kind: 'edit', target: early })).toMatchObject({
      error: 'not-allowed',
    });
  });

  test('SEND7 nor deleted at another process, whatever is cached here', async () => {
    await using two = await World.start({ servers: 2 });
    const [a, b] = await two.people('a-user', 'b-user');
    const direct = await two.direct(a, b);
    const target = await two.sent(a, direct, {}, 1);
    await two.sent(a, direct, { kind: 'delete', target, content: '' }, 0);
    const reaction = { kind: 'reaction', target, content: '👍' } as const;
    expect(await two.send(b, direct, reaction, 1)).toMatchObject({ error: 'not-allowed' });
  });

  test('SEND7 a message has no target, and all else has one', async () => {
    const target = await world.sent(anna!, chat);
    expect(await world.send(anna!, chat, { target })).toMatchObject({ error: 'bad-input' });
    expect(await world.send(anna!, chat, { kind: 'edit' })).toMatchObject({ error: 'bad-input' });
    expect(await world.send(anna!, chat, { kind: 'delete', target, content: 'why' })).toMatchObject({
      error: 'bad-input',
    });
  });
});

describe('LOG7 a deletion for everyone', () => {
  const raw = async (position: number) =>
    (
      await world.ports.messages.read([
        { conversation: chat, first: seq(position), last: seq(position), from: 'oldest', limit: 1 },
      ])
    )[0]?.[0];

  test('LOG7 erases the message and its edits in the store, and is an entry', async () => {
    const target = await world.sent(anna!, chat, { content: 'secret' });
    const edit = await world.sent(anna!, chat, { kind: 'edit', target, content: 'also secret' });
    const deletion = await world.sent(anna!, chat, { kind: 'delete', target, content: '' });
    for (const position of [target, edit])
      expect(await raw(position)).toMatchObject({ content: '', deleted: true });
    expect(await raw(deletion)).toMatchObject({ kind: 'delete', target });
    expect(await contents(ben!)).toEqual(['', '', '']);
  });

  test('LOG7 shows nothing of what it is about, also when its erasure was interrupted', async () => {
    const target = await world.sent(anna!, chat, { content: 'secret' });
    await world.sent(ben!, chat);
    const deletion = {
      conversationId: chat,
      seq: seq(3),
      kind: 'delete',
      sender: anna!.userId,
      clientId: someClientId(),
      sentAt: 0,
      target,
      content: '',
    };
    await world.ports.messages.append([deletion]);
    const read = (first: number, last: number) =>
      world.do(
        world
          .services()
          .messages.read(ben!, [
            { conversationId: chat, first: seq(first), last: seq(last), from: 'oldest', limit: 10 },
          ]),
      );
    const [whole] = await read(1, 3);
    expect(whole?.entries[0]).toMatchObject({ content: '', deleted: true });
    const [page] = await read(1, 2);
    expect(page?.entries[0]).toMatchObject({ content: '', deleted: true });
    expect(page?.effects).toEqual([expect.objectContaining({ kind: 'delete', target })]);
  });

  test('LOG7 is neither answered nor told before the erasure; whoever meets it finishes that', async () => {
    const ear = await world.connect(ben!);
    const target = await world.sent(anna!, chat, { content: 'secret' });
    const { redact } = world.ports.messages;
    world.ports.messages.redact = () => Promise.reject(new TidingsError('unavailable'));
    const deletion = outgoing(chat, { kind: 'delete', target, content: '' });
    expect(await world.sendAll(anna!, [deletion, outgoing(chat)])).toEqual([
      expect.objectContaining({ error: 'unavailable' }),
      expect.objectContaining({ error: 'unavailable' }),
    ]);
    await world.settle();
    expect(ear.positions(chat)).not.toContain(2);
    world.ports.messages.redact = redact;
    await world.log(ben!, chat);
    await world.pass(1_000);
    expect(await raw(target)).toMatchObject({ content: '', deleted: true });
    expect(await world.sendAll(anna!, [{ ...deletion, retrySince: seq(1) }])).toEqual([
      expect.objectContaining({ seq: 2, again: true }),
    ]);
  });

  test('LOG7 its retry finishes the erasure', async () => {
    const target = await world.sent(anna!, chat, { content: 'secret' });
    const message = outgoing(chat, { kind: 'delete', target, content: '' });
    const { clientId, content } = message;
    await world.ports.messages.append([
      {
        conversationId: chat,
        seq: seq(2),
        kind: 'delete',
        sender: anna!.userId,
        device: anna!.deviceId,
        clientId,
        sentAt: 0,
        target,
        content,
      },
    ]);
    expect(await world.sendAll(anna!, [{ ...message, retrySince: seq(1) }])).toEqual([
      expect.objectContaining({ seq: 2, again: true }),
    ]);
    expect(await raw(target)).toMatchObject({ content: '', deleted: true });
  });
});
