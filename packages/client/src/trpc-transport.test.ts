import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@tidings/api/clock';
import { closeCodes, TidingsError } from '@tidings/api/errors';
import type { EventBatch, ServerEvent } from '@tidings/api/events';
import { deviceId, sessionId } from '@tidings/api/ids';
import { protocolVersion } from '@tidings/api/protocol';
import { appRouter } from '@tidings/api/router';
import type { Services } from '@tidings/api/services';
import { toTrpcError } from '@tidings/api/trpc';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { afterEach, describe, expect, test } from 'vitest';
import NodeWebSocket, { WebSocketServer } from 'ws';
import { VirtualClock } from './testing/virtual-clock.ts';
import { anna } from './testing/world.ts';
import type { StreamListener } from './transport.ts';
import { trpcTransport } from './trpc-transport.ts';

const device = deviceId('device-anna-00000');
const hello: ServerEvent = {
  type: 'hello',
  protocol: 1,
  userId: anna,
  deviceId: device,
  sessionId: sessionId('session-1'),
  serverTime: 1,
};

/** tRPC's own WebSocket adapter with a stream that the test feeds. */
class Endpoint {
  readonly server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  readonly params: unknown[] = [];
  refuse: TidingsError | null = null;
  me: () => Promise<unknown> = async () => ({ displayName: 'Anna' });
  feed: (events: EventBatch) => void = () => {};
  readonly handler = applyWSSHandler({
    wss: this.server,
    router: appRouter,
    createContext: ({ info }) => {
      this.params.push(info.connectionParams);
      if (this.refuse) throw toTrpcError(this.refuse);
      const caller = { userId: anna, sessionId: sessionId('session-1'), deviceId: device };
      const stream = { open: (_: unknown, __: unknown, signal: AbortSignal) => this.#stream(signal) };
      return { services: { stream, users: { me: () => this.me() } } as unknown as Services, caller };
    },
  });

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async *#stream(signal: AbortSignal): AsyncGenerator<EventBatch> {
    yield [hello];
    while (!signal.aborted) {
      yield await new Promise<EventBatch>((resolve) => {
        this.feed = resolve;
      });
    }
  }

  stop(): void {
    for (const client of this.server.clients) client.terminate();
    this.server.close();
  }
}

let endpoint: Endpoint;
async function start(): Promise<Endpoint> {
  endpoint = new Endpoint();
  await once(endpoint.server, 'listening');
  return endpoint;
}
afterEach(() => endpoint.stop());

/** What a listener hears, with a promise for its end. */
function listening() {
  const batches: EventBatch[] = [];
  let end: (reason: unknown) => void;
  const closed = new Promise<unknown>((resolve) => {
    end = resolve;
  });
  let news: () => void = () => {};
  const listener: StreamListener = {
    batch: (events) => {
      batches.push(events);
      news();
    },
    closed: (reason) => end(reason),
  };
  const next = () =>
    new Promise<void>((resolve) => {
      news = resolve;
    });
  return { batches, closed, listener, next };
}

const transportTo = (url: string, clock = systemClock) =>
  trpcTransport({ url, deviceId: device, clock, WebSocket: NodeWebSocket as unknown as typeof WebSocket });

describe('trpc transport', () => {
  test('SYNC1 a line is open with the hello of its stream, and says who connects', async () => {
    const { url } = await start();
    const ear = listening();
    const line = await transportTo(url).connect(ear.listener);
    expect(ear.batches).toEqual([[hello]]);
    expect(endpoint.params).toEqual([{ protocol: String(protocolVersion), deviceId: device }]);
    expect(await line.api.user.me.query()).toEqual({ displayName: 'Anna' });
    const heard = ear.next();
    endpoint.feed([{ type: 'profiles', userIds: [anna] }]);
    await heard;
    expect(ear.batches[1]).toEqual([{ type: 'profiles', userIds: [anna] }]);
    line.close();
  });

  test('WIRE2 failures are the domain’s errors, with the time to wait', async () => {
    const { url } = await start();
    endpoint.me = async () => {
      throw new TidingsError('unavailable', 'db', { retryAfterMs: 700 });
    };
    const line = await transportTo(url).connect(listening().listener);
    const failure = line.api.user.me.query();
    await expect(failure).rejects.toBeInstanceOf(TidingsError);
    await expect(failure).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 700 });
    await expect(line.api.user.search.query({ query: 1 as never })).rejects.toMatchObject({
      code: 'bad-input',
    });
    line.close();
  });

  test('SESS5 WIRE3 a refusal of the connection is told by its code, not as an unreachable server', async () => {
    const { url } = await start();
    for (const code of ['not-signed-in', 'outdated-client'] as const) {
      endpoint.refuse = new TidingsError(code);
      await expect(transportTo(url).connect(listening().listener)).rejects.toMatchObject({ code });
    }
  });

  test('a server that isn’t there, or doesn’t answer within 10 s, is unavailable', async () => {
    const { url } = await start();
    await expect(transportTo('ws://127.0.0.1:9').connect(listening().listener)).rejects.toMatchObject({
      code: 'unavailable',
    });
    const clock = new VirtualClock();
    endpoint.server.removeAllListeners('connection');
    const mute = transportTo(url, clock).connect(listening().listener);
    const refused = expect(mute).rejects.toMatchObject({ code: 'unavailable' });
    await clock.advance(10_001);
    await refused;
  });

  test('SESS1 SYNC9 the close code tells why; calls under way and later ones fail, and nothing reconnects by itself', async () => {
    const { url } = await start();
    for (const reason of ['session-ended', 'resume', 'draining'] as const) {
      const ear = listening();
      const line = await transportTo(url).connect(ear.listener);
      endpoint.me = () => new Promise(() => {});
      const underWay = line.api.user.me.query();
      underWay.catch(() => {});
      const connections = endpoint.params.length;
      for (const client of endpoint.server.clients) client.close(closeCodes[reason]);
      expect(await ear.closed).toBe(reason);
      await expect(underWay).rejects.toMatchObject({ code: 'unavailable' });
      await expect(line.api.user.me.query()).rejects.toMatchObject({ code: 'unavailable' });
      expect(endpoint.params.length).toBe(connections);
    }
  });

  test('a request to reconnect, and a stream that ends, close the line', async () => {
    const { url } = await start();
    const ear = listening();
    await transportTo(url).connect(ear.listener);
    endpoint.handler.broadcastReconnectNotification();
    expect(await ear.closed).toBe('draining');
    const other = listening();
    await transportTo(url).connect(other.listener);
    for (const client of endpoint.server.clients)
      client.send(JSON.stringify({ id: 1, result: { type: 'stopped' } }));
    expect(await other.closed).toBeNull();
  });

  test('a half-open line is given up 5 s after it was checked, and after a quiet while by itself', async () => {
    const { url } = await start();
    for (const asked of [true, false]) {
      const clock = new VirtualClock();
      const ear = listening();
      const line = await transportTo(url, clock).connect(ear.listener);
      for (const client of endpoint.server.clients)
        (client as unknown as { _socket: { pause(): void } })._socket.pause();
      if (asked) line.check();
      await clock.advance(asked ? 4_900 : 30_000);
      const early = await Promise.race([ear.closed, Promise.resolve('open')]);
      expect(early).toBe('open');
      await clock.advance(5_200);
      expect(await ear.closed).toBeNull();
    }
  });

  test('a line that answers its check stays, and one that is closed says no more', async () => {
    const { url } = await start();
    const clock = new VirtualClock();
    const ear = listening();
    const line = await transportTo(url, clock).connect(ear.listener);
    const [client] = [...endpoint.server.clients];
    const pinged = once(client as NodeWebSocket, 'message');
    line.check();
    await pinged;
    // The answer is on its way by now; a call behind it comes after it.
    await line.api.user.me.query();
    await clock.advance(6_000);
    expect(await line.api.user.me.query()).toEqual({ displayName: 'Anna' });
    line.close();
    await expect(line.api.user.me.query()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await Promise.race([ear.closed, Promise.resolve('silent')])).toBe('silent');
  });
});
