import { deviceId, directId, seq } from '@tidings/api/ids';
import { limits, protocolVersion } from '@tidings/api/protocol';
import type { AppRouter } from '@tidings/api/router';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { cookieOf, type Dialled, SocketStage, streamId, until } from '../testing/socket-stage.ts';
import type { Person } from '../testing/test-services.ts';
import { someClientId } from '../testing/world.ts';

let stage: SocketStage;
let anna: Person;
let ben: Person;
const chat = () => directId(anna.caller.userId, ben.caller.userId);

beforeEach(async () => {
  stage = await SocketStage.start();
  anna = await stage.services.person('anna');
  ben = await stage.services.person('ben');
  await anna.api.conversation.open({ userId: ben.caller.userId });
});
afterEach(() => stage[Symbol.asyncDispose]());

const message = (content = 'hello') => ({
  conversationId: chat(),
  clientId: someClientId(),
  kind: 'message' as const,
  content,
});
const positions = ({ events }: Dialled) =>
  events.flatMap((event) =>
    event.type === 'entry' && event.entry.kind === 'message' ? event.entry.seq : [],
  );

describe('SESS5 who gets in', () => {
  test('SESS5 nobody from a page of elsewhere', async () => {
    await expect(stage.dial(anna.caller, { origin: 'https://elsewhere.example' }).opened).rejects.toThrow(
      '403',
    );
  });

  test('SESS5 nobody without a session, and they are told so', async () => {
    const dialled = stage.dial(null);
    await until(() => dialled.closed !== null);
    expect(dialled.closed).toBe('not-signed-in');
  });

  test('WIRE3 SESS5 no client that is too old, or doesn’t say how old it is', async () => {
    for (const introduce of [
      (dialled: Dialled) => dialled.introduce(anna.caller.deviceId, '0'),
      (dialled: Dialled) => dialled.introduce(anna.caller.deviceId, 'new'),
      (dialled: Dialled) => dialled.introduce('x'),
    ]) {
      const dialled = stage.dial(anna.caller);
      await dialled.opened;
      introduce(dialled);
      await until(() => dialled.closed !== null);
      expect(dialled.closed).toBe('outdated-client');
    }
  });

  test('ACC5 no call before the connection has said who it is', async () => {
    const dialled = stage.dial(anna.caller);
    await dialled.opened;
    dialled.ws.send(JSON.stringify({ id: 1, method: 'query', params: { path: 'user.me' } }));
    await until(() => dialled.messages.length > 0);
    expect(dialled.messages[0]).toMatchObject({ id: null, error: { data: { code: 'bad-input' } } });
  });

  test('the device is the one that it says', async () => {
    const dialled = stage.dial(anna.caller);
    await dialled.opened;
    const device = deviceId('another-device-of-hers');
    dialled.introduce(device);
    dialled.subscribe();
    await until(() => dialled.events.length > 0);
    expect(dialled.events[0]).toMatchObject({
      type: 'hello',
      deviceId: device,
      sessionId: anna.caller.sessionId,
    });
  });
});

describe('calls', () => {
  test('tRPC’s own client finds what it knows: queries, mutations, the stream, and its end', async () => {
    class Socket extends WebSocket {
      constructor(url: string) {
        super(url, { headers: { cookie: cookieOf(anna.caller) } });
      }
    }
    const connectionParams = { protocol: String(protocolVersion), deviceId: anna.caller.deviceId };
    const socket = createWSClient({
      url: stage.url.split('?')[0] as string,
      connectionParams,
      WebSocket: Socket as never,
    });
    const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] });
    expect(await client.user.me.query()).toMatchObject({ username: 'anna' });
    expect(await client.presence.act.mutate({ act: 'open' })).toBeUndefined();
    await expect(client.message.info.query({ conversationId: chat(), seq: seq(9) })).rejects.toMatchObject({
      data: { code: 'not-found', retry: 'never' },
    });

    const seen: string[] = [];
    const stream = client.sync.stream.subscribe(undefined, {
      onStarted: () => seen.push('started'),
      onData: (events) => seen.push(...events.map(({ type }) => type)),
      onStopped: () => seen.push('stopped'),
    });
    await until(() => seen.includes('hello'));
    await client.message.send.mutate({ messages: [message()] });
    await until(() => seen.includes('entry'));
    stream.unsubscribe();
    await until(() => stage.services.server.handler.size === 0);
    expect(seen.filter((each) => each !== 'own-marks').slice(0, 3)).toEqual(['started', 'hello', 'entry']);
    socket.close();
  });

  test('several in one frame are each answered', async () => {
    const dialled = await stage.connect(anna.caller);
    const call = (id: number, path: string) => ({ id, method: 'query', params: { path } });
    dialled.ws.send(JSON.stringify([call(7, 'user.me'), call(8, 'nothing.here'), call(9, 'device.list')]));
    await until(() => [7, 8, 9].every((id) => dialled.messages.some((each) => each.id === id)));
    expect(dialled.messages.find(({ id }) => id === 8)).toMatchObject({
      error: { data: { code: 'not-found', retry: 'never' } },
    });
  });

  test('WIRE2 what is no call is refused, and the socket lives on', async () => {
    const dialled = await stage.connect(anna.caller);
    const junk = [
      '',
      'hello',
      '{',
      'null',
      '5',
      '[]',
      '[null]',
      '{}',
      '{"id":null}',
      '{"id":3,"method":"drop","params":{"path":"x"}}',
      '{"id":4,"method":"query"}',
    ];
    for (const each of junk) dialled.ws.send(each);
    dialled.ws.send(Buffer.from([0xff, 0xfe, 0x00]));
    expect((await dialled.call('query', 'user.me')).result).toBeDefined();
    const failures = dialled.messages.filter(({ error }) => error);
    expect(failures).toHaveLength(junk.length);
    for (const { error } of failures) expect(error?.data.code).toBe('bad-input');
    expect(dialled.frames.join()).not.toMatch(/stack|node_modules|\.ts/);
  });

  test('WIRE2 a procedure isn’t called as what it isn’t', async () => {
    const dialled = await stage.connect(anna.caller);
    expect(await dialled.call('mutation', 'user.me')).toMatchObject({
      error: { data: { code: 'not-found' } },
    });
    expect(await dialled.call('subscription', 'user.me')).toMatchObject({
      error: { data: { code: 'not-found' } },
    });
    expect(await dialled.call('subscription', 'sync.stream')).toMatchObject({
      error: { data: { code: 'conflict' } },
    });
    expect(await dialled.call('query', '__proto__')).toMatchObject({
      error: { data: { code: 'not-found' } },
    });
    expect(await dialled.call('query', 'constructor.name')).toMatchObject({
      error: { data: { code: 'not-found' } },
    });
  });
});

describe('events', () => {
  test('WIRE1 of a tick go out in one frame, each encoded once', async () => {
    const listener = await stage.connect(ben.caller);
    const before = listener.frames.length;
    await anna.api.message.send({ messages: Array.from({ length: 20 }, (_, at) => message(String(at))) });
    await until(() => positions(listener).length === 20);
    expect(listener.frames.length - before).toBe(1);
    expect(positions(listener)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  test('come under the id that the stream was asked for with, whatever it is', async () => {
    const dialled = stage.dial(ben.caller);
    await dialled.opened;
    dialled.introduce(ben.caller.deviceId);
    dialled.subscribe('my "stream"');
    await until(() => dialled.messages.length >= 2);
    await anna.api.message.send({ messages: [message()] });
    await until(() => dialled.messages.length >= 3);
    expect(new Set(dialled.messages.map(({ id }) => id))).toEqual(new Set(['my "stream"']));
  });

  test('reach every device, and stop when the stream does', async () => {
    const [one, other] = [
      await stage.connect(ben.caller),
      await stage.connect(await stage.services.session('ben')),
    ];
    await anna.api.message.send({ messages: [message()] });
    await until(() => positions(one).length === 1 && positions(other).length === 1);
    one.ws.send(JSON.stringify({ id: streamId, method: 'subscription.stop' }));
    await until(() => one.messages.some(({ result }) => result?.type === 'stopped'));
    await anna.api.message.send({ messages: [message()] });
    await until(() => positions(other).length === 2);
    expect(positions(one)).toEqual([1]);
    one.subscribe(2);
    await until(() => one.messages.some(({ id }) => id === 2));
  });

  test('of any size and script arrive whole', async () => {
    const listener = await stage.connect(ben.caller);
    const contents = [
      '',
      'ü',
      '👩‍👩‍👧',
      '"\\\n\u2028',
      'x'.repeat(124),
      'x'.repeat(60_000),
      'é'.repeat(40_000),
    ];
    for (const content of contents) await anna.api.message.send({ messages: [message(content)] });
    await until(() => positions(listener).length === contents.length);
    expect(listener.events.flatMap((event) => (event.type === 'entry' ? event.entry.content : []))).toEqual(
      contents,
    );
  });

  test('SYNC9 that nobody fetches end the socket with `resume`; none of those before is missing', async () => {
    const slow = await stage.connect(ben.caller);
    slow.ws.pause();
    const content = 'x'.repeat(90_000);
    let sent = 0;
    while (stage.services.server.handler.size > 0 && sent < 400) {
      await anna.api.message.send({ messages: Array.from({ length: 4 }, () => message(content)) });
      sent += 4;
    }
    expect(stage.services.server.handler.size).toBe(0);
    slow.ws.resume();
    await until(() => slow.closed !== null);
    expect(slow.closed).toBe('resume');
    expect(stage.sockets.refusals).toEqual({ resume: 1 });
    expect(positions(slow)).toEqual(positions(slow).map((_, at) => at + 1));
    expect(positions(slow).length).toBeLessThan(sent);
  });
});

describe('WIRE4 a flood', () => {
  test('WIRE4 a frame that is too large closes the socket', async () => {
    const dialled = await stage.connect(anna.caller);
    dialled.ws.send('x'.repeat(limits.frameBytes + 1));
    await until(() => dialled.closed !== null);
    expect(dialled.closed).toBe(1009);
  });

  test.each([1, 50])('WIRE4 too many calls close the socket, %i in a frame', async (inFrame) => {
    const dialled = await stage.connect(anna.caller);
    const call = { id: 5, method: 'query', params: { path: 'nothing.here' } };
    const frame = JSON.stringify(inFrame === 1 ? call : Array(inFrame).fill(call));
    for (let calls = 0; calls <= 1_000; calls += inFrame) dialled.ws.send(frame);
    await until(() => dialled.closed !== null);
    expect(dialled.closed).toBe('too-many-requests');
  });

  test('WIRE4 as many over a longer time don’t', async () => {
    const dialled = await stage.connect(anna.caller);
    for (let round = 0; round < 3; round += 1) {
      for (let calls = 0; calls < 900; calls += 1)
        dialled.ws.send('{"id":5,"method":"query","params":{"path":"nothing.here"}}');
      expect((await dialled.call('query', 'user.me')).result).toBeDefined();
      await stage.time.pass(5_000);
    }
    expect(dialled.closed).toBeNull();
  });
});

describe('signs of life', () => {
  test('a ping is answered', async () => {
    const dialled = await stage.connect(anna.caller);
    dialled.ws.send('PING');
    await until(() => dialled.frames.includes('PONG'));
  });

  test('whoever is silent is asked, and who answers stays', async () => {
    const { ws } = await stage.connect(anna.caller);
    for (let round = 0; round < 4; round += 1) {
      const asked = new Promise((resolve) => ws.once('ping', resolve));
      await stage.time.pass(25_000);
      await asked;
      // Behind the answer to the ping, so that it is there when this is.
      const answered = new Promise((resolve) => ws.once('pong', resolve));
      ws.ping();
      await answered;
    }
    expect(ws.readyState).toBe(WebSocket.OPEN);
  });

  test('whoever doesn’t answer for 45 s is gone', async () => {
    const dialled = await stage.connect(anna.caller);
    dialled.ws.pause();
    await stage.time.pass(40_000);
    expect(stage.sockets.size).toBe(1);
    await stage.time.pass(10_000);
    await until(() => stage.sockets.size === 0 && stage.services.server.handler.size === 0);
  });
});

describe('the end', () => {
  test('SESS1 INV9 a revoked session’s sockets close, also those that don’t stream', async () => {
    const other = await stage.services.session('anna');
    const [streaming, silent, stays] = [
      await stage.connect(anna.caller),
      stage.dial(anna.caller),
      await stage.connect(other),
    ];
    await silent.opened;
    await stage.services.api(other).device.revoke({ sessionId: anna.caller.sessionId });
    await until(() => streaming.closed !== null && silent.closed !== null);
    expect([streaming.closed, silent.closed, stays.closed]).toEqual(['session-ended', 'session-ended', null]);
    expect(streaming.events.at(-1)).toEqual({ type: 'bye', reason: 'session-ended' });
    expect(stage.services.server.handler.size).toBe(1);
  });

  test('draining says bye, closes, and lets nobody in', async () => {
    const dialled = await stage.connect(anna.caller);
    await stage.sockets.drain();
    await until(() => dialled.closed !== null);
    expect(dialled.closed).toBe('draining');
    expect(dialled.events.at(-1)).toEqual({ type: 'bye', reason: 'draining' });
    await expect(stage.dial(anna.caller).opened).rejects.toThrow('503');
  });

  test('draining lets the answers out that are due', async () => {
    const dialled = await stage.connect(anna.caller);
    dialled.ws.send(
      JSON.stringify({
        id: 5,
        method: 'mutation',
        params: { path: 'message.send', input: { messages: [message()] } },
      }),
    );
    dialled.ws.send('PING');
    await until(() => dialled.frames.includes('PONG') || dialled.messages.some(({ id }) => id === 5));
    await stage.sockets.drain();
    await until(() => dialled.closed !== null);
    expect(dialled.messages.find(({ id }) => id === 5)?.result).toMatchObject({ data: [{ seq: 1 }] });
  });

  test('a call that is under way when the socket goes harms nobody', async () => {
    const dialled = await stage.connect(anna.caller);
    dialled.ws.send(
      JSON.stringify({
        id: 5,
        method: 'mutation',
        params: { path: 'message.send', input: { messages: [message()] } },
      }),
    );
    dialled.ws.terminate();
    await until(() => stage.sockets.size === 0);
    expect((await ben.api.user.me()).username).toBe('ben');
  });
});
