import { seq } from '@tidings/api/ids';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { TestCluster } from '../testing/test-cluster.ts';
import type { TestDevice } from '../testing/test-device.ts';

// Several processes that start, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let cluster: TestCluster;
let anna: TestDevice;
let ben: TestDevice;

beforeAll(async () => {
  cluster = await TestCluster.start({ handlers: 2, groupHandlers: 1 });
  anna = await cluster.person('anna', 0);
  ben = await cluster.person('ben', 1);
});
afterAll(() => cluster?.[Symbol.asyncDispose]());

describe('two people at two handlers', () => {
  test('SEND1 MARK4 a message arrives, and its ticks come back', async () => {
    const chat = await anna.open(ben);
    await anna.say(chat, 'Hello Ben');
    await ben.hears(chat, 'Hello Ben');
    await anna.until(async () => (await anna.conversation(chat))?.othersDelivered === 1);
    ben.engine.markRead(chat, seq(1));
    await anna.until(async () => (await anna.conversation(chat))?.othersRead === 1);
    await ben.say(chat, 'Hello Anna');
    await anna.hears(chat, 'Hello Anna');
    expect(await anna.texts(chat)).toEqual(await ben.texts(chat));
  });

  test('INV3 what both say at once stands in one order', async () => {
    const chat = await anna.open(ben);
    const said = Array.from({ length: 30 }, (_, at) => `round ${at}`);
    for (const text of said) {
      void anna.say(chat, `${text} of Anna`);
      void ben.say(chat, `${text} of Ben`);
    }
    for (const device of [anna, ben])
      await device.until(
        async () => (await device.texts(chat)).filter((text) => text.startsWith('round')).length === 60,
      );
    expect(await anna.texts(chat)).toEqual(await ben.texts(chat));
  });

  test('PRES2 who watches sees who is online, and who types', async () => {
    const chat = await anna.open(ben);
    ben.engine.watch([anna.user], [chat]);
    anna.engine.act('open');
    await ben.until(() => ben.state?.presence.get(anna.user)?.online === true);
    anna.engine.typing(chat, true);
    await ben.until(() => ben.state?.typing.get(chat)?.includes(anna.user) === true);
    anna.engine.act('close');
    await ben.until(() => ben.state?.presence.get(anna.user)?.online === false);
  });

  test('SESS1 INV9 a session that is revoked at one handler ends at the other, and at the web process', async () => {
    const tablet = await cluster.device(anna, 1);
    const session = () =>
      fetch(`${cluster.web.url}/api/auth/session`, { headers: { cookie: tablet.session.cookie } });
    expect((await session()).status).toBe(200);
    const { sessionId } = tablet.session;
    await anna.engine.api.device.revoke.mutate({ sessionId: sessionId as never });
    await tablet.until(() => tablet.state?.connection.type === 'ended');
    expect(tablet.state?.connection).toMatchObject({ code: 'session-ended' });
    expect((await session()).status).toBe(401);
    expect(anna.state?.connection.type).toBe('live');
  });
});

describe('a group at two handlers', () => {
  test('each handler gets one envelope per message, however many members it serves', async () => {
    const more = await Promise.all([
      cluster.person('chloe', 0),
      cluster.person('dora', 0),
      cluster.person('emil', 1),
    ]);
    const group = await anna.group(ben, ...more);
    await anna.say(group, 'first');
    for (const device of [anna, ben, ...more]) await device.hears(group, 'first');

    const [groupHandler] = cluster.groupHandlers;
    const envelopes = async () => (await groupHandler?.metric('tidings_envelopes_total', 'type="push"')) ?? 0;
    const deliveries = async () => (await groupHandler?.metric('tidings_group_deliveries_total')) ?? 0;
    const before = [await envelopes(), await deliveries()] as const;
    const count = 20;
    for (let at = 1; at <= count; at += 1) await anna.say(group, `message ${at}`);
    for (const device of [anna, ben, ...more]) await device.hears(group, `message ${count}`);
    // Of what came before, the last message may have been on its way still when counting began.
    const handlers = cluster.handlers.length;
    const [sent, delivered] = [(await envelopes()) - before[0], (await deliveries()) - before[1]];
    expect(delivered).toBeGreaterThanOrEqual(count);
    expect(delivered).toBeLessThanOrEqual(count + 1);
    expect(sent).toBeGreaterThanOrEqual(count * handlers);
    expect(sent).toBeLessThanOrEqual((count + 1) * handlers);
  });

  test('GRP5 INV8 who is removed at one handler may not write at the other, and gets nothing from above', async () => {
    const group = await anna.group(ben);
    await ben.say(group, 'still in');
    await anna.hears(group, 'still in');
    await anna.engine.api.group.remove.mutate({ conversationId: group, userId: ben.user });
    const write = (at: number) =>
      ben.engine.api.message.send.mutate({
        messages: [
          {
            conversationId: group,
            clientId: `after-removal-${at}` as never,
            kind: 'message',
            content: '{"type":"text","text":"from outside"}',
          },
        ],
      });
    // The envelope that tells the other handler is on its way; without it, it is 5 s.
    let at = 0;
    await expect.poll(() => write(at++), { timeout: 60_000 }).toMatchObject([{ error: 'not-a-member' }]);
    await anna.say(group, 'among ourselves');
    await anna.hears(group, 'among ourselves');
    const chat = await anna.open(ben);
    await anna.say(chat, 'a word after it');
    await ben.hears(chat, 'a word after it');
    expect(await ben.texts(group)).not.toContain('among ourselves');
  });

  test('INV8 who is added at one handler writes at the other at once', async () => {
    const group = await anna.group();
    await anna.engine.api.group.add.mutate({ conversationId: group, userIds: [ben.user] });
    await ben.until(async () => (await ben.conversation(group)) !== null);
    await ben.say(group, 'thanks');
    await anna.hears(group, 'thanks');
  });
});

describe('a handler that drains', () => {
  test('INV1 its devices move to another, and nothing is lost, doubled or out of order', async () => {
    const leaving = await cluster.startHandler();
    const place = cluster.handlers.indexOf(leaving);
    const dora = await cluster.person('dora', place, 0);
    const chat = await ben.open(dora);
    await ben.say(chat, 'from Ben 0');
    await dora.hears(chat, 'from Ben 0');

    const count = 30;
    const ended = leaving.over();
    for (let at = 1; at <= count; at += 1) {
      await Promise.all([ben.say(chat, `from Ben ${at}`), dora.say(chat, `from Dora ${at}`)]);
      if (at === count / 3) leaving.signal('SIGTERM');
      await dora.hears(chat, `from Ben ${at}`);
    }
    expect(await ended).toBe(0);
    await ben.hears(chat, `from Dora ${count}`);
    for (const device of [ben, dora]) {
      const texts = await device.texts(chat);
      for (const name of ['Ben', 'Dora'])
        expect(
          texts.filter((text) => text.startsWith(`from ${name}`)).map((text) => text.split(' ')[2]),
        ).toEqual(numbered(name === 'Ben' ? 0 : 1, count));
    }
    expect(leaving.log().filter(({ level }) => level >= 50)).toEqual([]);
  });
});

const numbered = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, at) => String(first + at));
