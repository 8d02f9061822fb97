// First: Dexie takes the global IndexedDB when it is loaded.
import 'fake-indexeddb/auto';
import { secureId } from '@tidings/api/clock';
import { seq, userId } from '@tidings/api/ids';
import type { Outgoing } from '@tidings/api/message';
import type { OutboxItem } from '@tidings/client/local-store';
import Dexie from 'dexie';
import { afterEach, expect, test, vi } from 'vitest';
import { Database, openDatabaseIfThere } from '../engine/database';
import { deviceItem } from '../engine/device-item';
import { DexieStore } from '../engine/dexie-store';
import { annasDevice, conversation, waiting } from '../engine/testing/seed';
import { flushOutbox } from './flush-outbox';

test('OUT6 what waits is sent without a page, in order, as this device, and stays as sent until the engine has the entries', async () => {
  const { server, store, flush } = await setUp([waiting('first'), waiting('second')]);
  await flush();
  expect(server.calls.map((call) => call.device)).toEqual([annasDevice]);
  expect(server.sent.map((message) => message.clientId)).toEqual(['first---', 'second--']);
  expect((await store.outbox()).map((item) => item.state)).toMatchObject([
    { type: 'sent', seq: 8 },
    { type: 'sent', seq: 9 },
  ]);
});

test('OUT5 OUT6 a send of which nobody knows what became goes again as a retry, under its own id', async () => {
  const { server, store, flush } = await setUp([waiting('first')]);
  server.goesDown = 'after sending';
  await expect(flush()).rejects.toThrow();
  expect((await store.outbox())[0]).toMatchObject({ state: { type: 'waiting' }, triedSince: 7 });
  server.goesDown = 'no';
  await flush();
  expect(server.sent).toMatchObject([{ clientId: 'first---' }, { clientId: 'first---', retrySince: 7 }]);
});

test('a network that is not there yet rejects, so that the browser tries again', async () => {
  const { server, store, flush } = await setUp([waiting('first')]);
  server.goesDown = 'always';
  await expect(flush()).rejects.toThrow();
  expect(await store.outbox()).toMatchObject([{ state: { type: 'waiting' } }]);
});

test('nothing is sent when nobody is signed in, nor in the name of another user who is', async () => {
  const { server, store, flush } = await setUp([waiting('first')]);
  const owner = server.signedIn;
  server.signedIn = null;
  await flush();
  server.signedIn = userId(`cleo-${secureId()}`);
  await flush();
  expect(server.sent).toEqual([]);
  expect(await Dexie.exists(`tidings-${server.signedIn}`)).toBe(false);
  server.signedIn = owner;
  await flush();
  expect(server.sent).toHaveLength(1);
  expect(await store.outbox()).toMatchObject([{ state: { type: 'sent' } }]);
});

test('OUT4 a send that is refused for good is shown as failed and lets the next one pass', async () => {
  const { server, store, flush } = await setUp([waiting('refused'), waiting('second')]);
  server.refuses = 'refused-';
  await flush();
  expect((await store.outbox()).map((item) => item.state)).toMatchObject([
    { type: 'failed', code: 'not-a-member' },
    { type: 'sent' },
  ]);
});

const open: DexieStore[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.destroy();
});

async function setUp(items: readonly OutboxItem[]) {
  const user = userId(`anna-${secureId()}`);
  const store = new DexieStore(new Database(user));
  open.push(store);
  const now = Date.now();
  await store.apply([
    { type: 'put-items', items: [{ key: deviceItem, value: annasDevice }] },
    { type: 'put-conversation', conversation: conversation([[1, 7]]) },
    ...items.map((item) => ({ type: 'put-outbox', item: { ...item, createdAt: now } }) as const),
  ]);
  const server = new FakeServer(user);
  return {
    server,
    store,
    flush: () => flushOutbox({ fetch: server.fetch, openDatabase: openDatabaseIfThere }),
  };
}

/** The two paths of the server that the worker asks, over HTTP as tRPC speaks it. */
class FakeServer {
  readonly calls: { readonly device: string | null }[] = [];
  readonly sent: Outgoing[] = [];
  signedIn: ReturnType<typeof userId> | null;
  goesDown: 'no' | 'always' | 'after sending' = 'no';
  refuses = '';

  constructor(user: ReturnType<typeof userId>) {
    this.signedIn = user;
  }

  fetch = vi.fn(async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    if (this.goesDown === 'always') throw new TypeError('Failed to fetch');
    if (String(input) === '/api/auth/session') return this.#session();
    expect(String(input)).toContain('/api/rpc/message.send');
    this.calls.push({ device: new Headers(init?.headers).get('tidings-device') });
    const { messages } = JSON.parse(String(init?.body)) as { messages: Outgoing[] };
    this.sent.push(...messages);
    if (this.goesDown === 'after sending') throw new TypeError('Failed to fetch');
    return Response.json({
      result: { data: messages.map((message, index) => this.#result(message, index)) },
    });
  });

  #session(): Response {
    if (!this.signedIn) return Response.json({ error: { code: 'not-signed-in' } }, { status: 401 });
    return Response.json({ userId: this.signedIn, username: 'x', displayName: 'X', sessionId: 'session-1' });
  }

  #result(message: Outgoing, index: number) {
    if (message.clientId === this.refuses) return { clientId: message.clientId, error: 'not-a-member' };
    return { clientId: message.clientId, seq: seq(8 + index), sentAt: 1 };
  }
}
