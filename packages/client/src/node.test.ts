import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@tidings/api/clock';
import { clientId, directId, seq, userId } from '@tidings/api/ids';
import { paths } from '@tidings/api/protocol';
import { readConfig } from '@tidings/server/config';
import { makeLogger } from '@tidings/server/log';
import { type Server, startServer } from '@tidings/server/start';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, EngineState } from './engine-port.ts';
import { flushOverHttp } from './http-flush.ts';
import { MemoryStore } from './memory-store.ts';
import { connectNode, type NodeSession, newDeviceId, sessionOf, signIn, signUp } from './node.ts';

const text = (value: string) => ({ type: 'text' as const, text: value });
const password = 'correct horse';

const folder = mkdtempSync(join(tmpdir(), 'tidings-client-'));
let server: Server;
const url = () => server.url;

/** Below the ports that systems hand out for connections, so that it is free again for a restart. */
const somePort = (): number => 10_000 + Math.floor(Math.random() * 20_000);

async function start(port: number): Promise<void> {
  const settings = {
    PORT: String(port),
    HOST: '127.0.0.1',
    DATA_DIR: folder,
    WEB_DIR: join(folder, 'web'),
    SIGN_UP: 'open',
  };
  server = await startServer(readConfig(settings, [], folder), makeLogger('silent', 'embedded'));
}

async function startSomewhere(tries = 5): Promise<void> {
  try {
    await start(somePort());
  } catch (error) {
    if (tries === 0) throw error;
    await startSomewhere(tries - 1);
  }
}

const engines: Engine[] = [];
let names = 0;

/** Somebody new, on a device of theirs. */
async function somebody() {
  const deviceId = newDeviceId();
  const username = `user-${++names}`;
  const session = await signUp(url(), { username, displayName: username, password, deviceId });
  return { username, ...device(session, deviceId) };
}

function device(session: NodeSession, deviceId = newDeviceId(), store = new MemoryStore()) {
  const engine = connectNode({ url: url(), session, deviceId, store });
  engines.push(engine);
  return { engine, store, session, deviceId };
}

const reaches = (engine: Engine, type: EngineState['connection']['type']): Promise<EngineState> =>
  new Promise((resolve) => {
    const end = engine.observe((state) => {
      if (state.connection.type !== type) return;
      queueMicrotask(() => end());
      resolve(state);
    });
  });

/** Resolves when `holds` does, looked at after each change of the store. */
function until(store: MemoryStore, holds: () => Promise<boolean>): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = async () => {
      if (!(await holds())) return;
      end();
      resolve();
    };
    const end = store.observe(() => void look().catch(reject));
    void look().catch(reject);
  });
}

const lines = async (store: MemoryStore, id: ReturnType<typeof directId>): Promise<string[]> => {
  const rows = await store.entries(id, seq(0), seq(2 ** 40), 'oldest', 10_000);
  return rows
    .filter((row) => row.visible === 1)
    .map((row) => JSON.parse(row.content || '{}').text ?? row.kind);
};

/** Two who have a chat, both live. */
async function pair() {
  const [a, b] = [await somebody(), await somebody()];
  await Promise.all([reaches(a.engine, 'live'), reaches(b.engine, 'live')]);
  const chat = directId(userId(a.session.userId), userId(b.session.userId));
  await a.engine.api.conversation.open.mutate({ userId: userId(b.session.userId) });
  await a.engine.refresh(chat);
  return { a, b, chat };
}

beforeAll(() => startSomewhere(), 30_000);
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.stop()));
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe('an engine in Node on the real server', () => {
  test('SEND1 MARK6 two people chat: messages, ticks, unread and typing', async () => {
    const { a, b, chat } = await pair();
    b.engine.watch([userId(a.session.userId)], [chat]);
    for (const value of ['one', 'two', 'three']) await a.engine.send(chat, text(value));
    await until(b.store, async () => (await lines(b.store, chat)).length === 3);
    expect(await lines(b.store, chat)).toEqual(['one', 'two', 'three']);
    await until(a.store, async () => ((await a.store.conversation(chat))?.othersDelivered ?? 0) >= 3);
    expect(await a.store.outbox()).toEqual([]);
    expect((await b.store.conversation(chat))?.unread).toBe(3);
    const { head } = (await b.store.conversation(chat)) as { head: ReturnType<typeof seq> };
    b.engine.markRead(chat, head);
    await until(a.store, async () => (await a.store.conversation(chat))?.othersRead === head);
    a.engine.typing(chat, true);
    const typing = await new Promise<EngineState>((resolve) => {
      b.engine.observe((state) => state.typing.get(chat) && resolve(state));
    });
    expect(typing.typing.get(chat)).toEqual([a.session.userId]);
  });

  test('INV11 edits, reactions and deletions are the same on every device, old and new', async () => {
    const { a, b, chat } = await pair();
    for (const value of ['first', 'second', 'third']) await a.engine.send(chat, text(value));
    await until(b.store, async () => (await lines(b.store, chat)).length === 3);
    const [first, second, third] = await b.store.entries(chat, seq(0), seq(99), 'oldest', 9);
    if (!first || !second || !third) throw new Error('three messages were there');
    await a.engine.edit(chat, first.seq, text('edited'));
    await b.engine.react(chat, second.seq, '👍');
    await a.engine.remove(chat, third.seq);
    const fresh = device(await signIn(url(), { username: b.username, password }));
    const shown = async (store: MemoryStore) =>
      (await store.entries(chat, first.seq, third.seq, 'oldest', 9)).map((row) => [
        row.content,
        row.deleted,
        row.reactions,
      ]);
    const expected = [
      [JSON.stringify(text('edited')), undefined, undefined],
      [second.content, undefined, { '👍': [b.session.userId] }],
      ['', true, undefined],
    ];
    for (const { store } of [a, b, fresh]) {
      await until(store, async () => JSON.stringify(await shown(store)) === JSON.stringify(expected));
    }
  });

  test('OUT2 SYNC5 a restart in the middle of sends loses nothing, doubles nothing and keeps the order', {
    timeout: 30_000,
  }, async () => {
    const { a, b, chat } = await pair();
    let restarted: Promise<void> | undefined;
    const values = Array.from({ length: 120 }, (_, n) => `message ${n}`);
    for (const [n, value] of values.entries()) {
      await a.engine.send(chat, text(value));
      if (n === 40) {
        await server.stop();
        restarted = start(Number(new URL(url()).port));
      }
    }
    await restarted;
    await until(b.store, async () => (await lines(b.store, chat)).length >= values.length);
    expect(await lines(b.store, chat)).toEqual(values);
    await until(a.store, async () => (await a.store.outbox()).length === 0);
    expect(await lines(a.store, chat)).toEqual(values);
  });

  test('OUT6 SEND2 what the page sends and a service worker sends too stands in the log once', async () => {
    const { a, b, chat } = await pair();
    const { session, deviceId } = a;
    await a.engine.stop();
    const store = new MemoryStore();
    const item = (n: number) => ({
      clientId: clientId(`client-${n}-${deviceId}`.slice(0, 40)),
      conversationId: chat,
      kind: 'message' as const,
      content: JSON.stringify(text(`message ${n}`)),
      createdAt: systemClock.now(),
      state: { type: 'waiting' as const },
    });
    await store.apply([1, 2, 3].map((n) => ({ type: 'put-outbox' as const, item: item(n) })));
    const worker = flushOverHttp({
      store,
      url: new URL(paths.rpc, url()).href,
      deviceId,
      clock: systemClock,
      fetch: (input, init) =>
        fetch(input, { ...init, headers: { ...init?.headers, cookie: session.cookie } }),
    });
    const page = device(session, deviceId, store);
    await Promise.all([worker, reaches(page.engine, 'live')]);
    await until(store, async () => (await store.outbox()).length === 0);
    await until(b.store, async () => (await lines(b.store, chat)).length >= 3);
    expect(await lines(b.store, chat)).toEqual(['message 1', 'message 2', 'message 3']);
    expect(await lines(store, chat)).toEqual(['message 1', 'message 2', 'message 3']);
  });

  test('SESS1 a session that is ended elsewhere ends the engine, and its cookie is refused', async () => {
    const one = await somebody();
    const two = device(await signIn(url(), { username: one.username, password, deviceId: newDeviceId() }));
    await Promise.all([reaches(one.engine, 'live'), reaches(two.engine, 'live')]);
    await two.engine.api.device.revokeOthers.mutate();
    expect((await reaches(one.engine, 'ended')).connection).toEqual({ type: 'ended', code: 'session-ended' });
    await expect(sessionOf(url(), one.session.cookie)).rejects.toMatchObject({
      code: expect.stringMatching(/session-ended|not-signed-in/),
    });
    const again = device(one.session);
    expect((await reaches(again.engine, 'ended')).connection.type).toBe('ended');
  });

  test('ACCT1 GRP2 a group, its name and a draft reach the user’s other device', async () => {
    const { a, b } = await pair();
    const phone = device(await signIn(url(), { username: b.username, password, deviceId: newDeviceId() }));
    await reaches(phone.engine, 'live');
    const { conversationId } = await a.engine.api.group.create.mutate({
      clientId: clientId(`create-${names}-group`),
      name: 'Hikers',
      description: '',
      members: [userId(b.session.userId)],
    });
    for (const { store } of [b, phone])
      await until(store, async () => (await store.conversation(conversationId))?.group?.name === 'Hikers');
    await a.engine.api.group.update.mutate({ conversationId, name: 'Walkers' });
    for (const { store } of [b, phone])
      await until(store, async () => (await store.conversation(conversationId))?.group?.name === 'Walkers');
    await b.engine.putItems([{ key: `draft:${conversationId}`, value: { text: 'half', at: 1 } }]);
    await until(phone.store, async () => (await phone.store.conversation(conversationId))?.draft === 'half');
    await a.engine.api.group.remove.mutate({ conversationId, userId: userId(b.session.userId) });
    await until(
      phone.store,
      async () => ((await phone.store.conversation(conversationId))?.removedSeq ?? 0) > 0,
    );
  });

  test('wrong credentials, an unknown session and a server that is not there are told apart', async () => {
    const { username } = await somebody();
    await expect(signIn(url(), { username, password: 'wrong horse' })).rejects.toMatchObject({
      code: 'wrong-credentials',
    });
    await expect(sessionOf(url(), 'nothing=here')).rejects.toMatchObject({ code: 'not-signed-in' });
    await expect(signIn('http://127.0.0.1:9', { username, password })).rejects.toMatchObject({
      code: 'unavailable',
    });
    const session = await signIn(url(), { username, password });
    expect(await sessionOf(url(), session.cookie)).toMatchObject({ userId: session.userId, username });
  });
});
