import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secureId } from '@tidings/api/clock';
import { encodeContent } from '@tidings/api/content';
import type { ApiKey, Bot } from '@tidings/api/developer';
import { sendKey } from '@tidings/api/entry';
import type { Scope } from '@tidings/api/fields';
import type { ConversationId } from '@tidings/api/ids';
import type { RangePage, SendResult } from '@tidings/api/message';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig } from './config.ts';
import { type Server, startServer } from './start.ts';
import { AssetClient, must } from './testing/asset-client.ts';

// Password hashing, files and real time: slow on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'tidings-public-api-'));
const all: readonly Scope[] = ['chats', 'read', 'send'];

let server: Server;
let address: string;
let ann: AssetClient;
let bob: AssetClient;
let eve: AssetClient;
let bot: Bot;
let key: ApiKey;
let secret: string;

beforeAll(async () => {
  const settings = { PORT: '0', DATA_DIR: folder, WEB_DIR: join(folder, 'web') };
  server = await startServer(readConfig(settings, [], folder), pino({ level: 'silent' }));
  address = server.url.replace('localhost', '127.0.0.1');
  ann = await AssetClient.signUp(address, 'ann.api');
  bob = await AssetClient.signUp(address, 'bob.api');
  eve = await AssetClient.signUp(address, 'eve.api');
  await ann.open(bob);
  bot = await madeBot(ann);
  ({ key, secret } = await madeKey(ann, bot));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

let named = 0;
async function madeBot(owner: AssetClient): Promise<Bot> {
  named += 1;
  const made = { username: `weather.${named}`, displayName: 'Weather' };
  return must(await owner.mutate<Bot>('developer.createBot', made));
}
const madeKey = async (owner: AssetClient, { userId: botId }: Bot, scopes: readonly Scope[] = all) =>
  must(
    await owner.mutate<{ key: ApiKey; secret: string }>('developer.createKey', {
      ...{ botId, scopes },
      name: 'at home',
    }),
  );

type Asked = { readonly as?: string | null; readonly headers?: Record<string, string> };

async function ask(method: string, path: string, { as = secret, headers = {} }: Asked = {}, body?: unknown) {
  const answer = await fetch(`${address}/api/v1${path}`, {
    method,
    headers: {
      ...(as === null ? {} : { authorization: `Bearer ${as}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    headers: answer.headers,
    // biome-ignore lint/suspicious/noExplicitAny: each test says what it expects
    body: (await answer.json()) as any,
  };
}
const get = (path: string, asked?: Asked) => ask('GET', path, asked);
const post = (path: string, body: unknown, asked?: Asked) => ask('POST', path, asked, body);
const refused = (code: string, status: number) => ({
  status,
  type: 'application/problem+json; charset=utf-8',
  body: expect.objectContaining({ code, status, retry: expect.any(String), title: expect.any(String) }),
});

async function say(who: AssetClient, conversationId: ConversationId, text: string): Promise<void> {
  const content = encodeContent({ type: 'text', text });
  const message = { conversationId, clientId: secureId(), kind: 'message', content };
  const [result] = must(await who.mutate<readonly SendResult[]>('message.send', { messages: [message] }));
  if (!result || 'error' in result) throw new Error(result?.error);
}
const openedBy = async (who: AssetClient, userId: string) =>
  must(await who.mutate<{ conversationId: ConversationId }>('conversation.open', { userId })).conversationId;
async function groupOf(owner: AssetClient, ...members: readonly string[]): Promise<ConversationId> {
  const made = await owner.mutate<{ conversationId: ConversationId }>('group.create', {
    ...{ clientId: secureId(), name: 'Rowing', members },
  });
  return must(made).conversationId;
}
const userOf = async (who: AssetClient) => must(await who.query<{ userId: string }>('user.me')).userId;

describe('a bot and its keys', () => {
  test('BOT1 a bot is marked as one, and a key is told once', async () => {
    expect(bot).toMatchObject({ bot: true, displayName: 'Weather' });
    expect(secret).toMatch(/^tid_[\w-]{43}$/);
    const keys = must(await ann.query<readonly ApiKey[]>('developer.keys'));
    expect(keys).toContainEqual(expect.objectContaining({ id: key.id, hint: secret.slice(0, 8) }));
    expect(JSON.stringify(keys)).not.toContain(secret.slice(8));
    expect(must(await bob.query('developer.keys'))).toEqual([]);
  });

  test('nobody has more than 20 bots, however many they make at once', async () => {
    const zoe = await AssetClient.signUp(address, 'zoe.api');
    const made = await Promise.allSettled(Array.from({ length: 25 }, () => madeBot(zoe)));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    expect(must(await zoe.query('developer.bots'))).toHaveLength(20);
  });

  test('BOT1 nobody signs in as a bot', async () => {
    const answer = await eve.browser.post('/api/auth/sign-in', {
      username: bot.username,
      password: 'whatever it is',
    });
    expect(answer.status).toBe(401);
  });

  test('says whom it acts as', async () => {
    expect(await get('/me')).toMatchObject({
      status: 200,
      body: { user_id: bot.userId, username: bot.username, scopes: all },
    });
  });

  test('BOT1 one that is wrong, revoked or missing is refused, whatever is asked', async () => {
    const gone = await madeKey(ann, bot);
    expect(await get('/me', { as: gone.secret })).toMatchObject({ status: 200 });
    must(await ann.mutate('developer.revokeKey', { id: gone.key.id }));
    for (const as of [gone.secret, 'tid_nonsense', `tid_${'x'.repeat(43)}`, null])
      for (const path of ['/me', '/chats'])
        expect(await get(path, { as })).toMatchObject(refused('key-invalid', 401));
  });

  test('BOT1 does what its scopes say and nothing else', async () => {
    const { secret: as } = await madeKey(ann, bot, ['chats']);
    const chat = await openedBy(ann, bot.userId);
    expect(await get('/chats', { as })).toMatchObject({ status: 200 });
    expect(await get(`/chats/${chat}/messages`, { as })).toMatchObject(refused('out-of-scope', 403));
    expect(await post('/messages', { message_text: 'x', username: 'ann.api' }, { as })).toMatchObject(
      refused('out-of-scope', 403),
    );
  });
});

describe('sending', () => {
  test('a message arrives, from the bot, at its position', async () => {
    const sent = await post('/messages', { message_text: 'It will rain.', username: 'ann.api' });
    expect(sent).toMatchObject({ status: 200, body: { position: expect.any(Number), state: 'sent' } });
    const { conversation_id: conversationId, position } = sent.body;
    const range = { conversationId, first: position, last: position, from: 'oldest', limit: 1 };
    const [page] = must(
      await ann.query<readonly { entries: readonly { sender: string; content: string }[] }[]>(
        'message.read',
        {
          ranges: [range],
        },
      ),
    );
    expect(page?.entries).toMatchObject([
      { sender: bot.userId, content: encodeContent(text('It will rain.')) },
    ]);
  });

  test('takes the key in the body too, as postMessage does', async () => {
    const body = { api_dev_key: secret, message_text: 'hello', user_id: await userOf(ann) };
    expect(await post('/messages', body, { as: null })).toMatchObject({ status: 200 });
  });

  test('BOT3 one idempotency key sends once, again and in parallel; another body is refused', async () => {
    const chat = await openedBy(ann, bot.userId);
    const before = (await get(`/chats/${chat}/messages?limit=200`)).body.last_position;
    const asked = { headers: { 'idempotency-key': 'alarm-1' } };
    const body = { message_text: 'once', username: 'ann.api' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => post('/messages', body, asked)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await post('/messages', body, asked)).toMatchObject({ status: 200, body: answers[0]?.body });
    expect(await post('/messages', { ...body, message_text: 'twice' }, asked)).toMatchObject(
      refused('request-differs', 422),
    );
    expect((await get(`/chats/${chat}/messages?limit=200`)).body.last_position).toBe(before + 1);
  });

  test('BOT3 an idempotency key that is forgotten sends another message, which devices show', async () => {
    const asked = { headers: { 'idempotency-key': 'every-week' } };
    const weekly = (text: string) => post('/messages', { message_text: text, username: 'ann.api' }, asked);
    const first = (await weekly('week 1')).body;
    await server.profile.directory.bots.forgetRequests(Date.now() + 1_000, 500);
    const second = (await weekly('week 2')).body;
    expect(second).toMatchObject({ position: first.position + 1, state: 'sent' });
    const range = { conversationId: first.conversation_id, first: first.position, last: second.position };
    const ranges = [{ ...range, from: 'oldest', limit: 2 }];
    const [page] = must(await ann.query<readonly RangePage[]>('message.read', { ranges }));
    expect(new Set(page?.entries.map((entry) => sendKey(entry))).size).toBe(2);
  });

  test('BOT2 goes to people of its owner and who wrote to it, and to nobody else', async () => {
    expect(await post('/messages', { message_text: 'x', username: 'bob.api' })).toMatchObject({
      status: 200,
    });
    expect(await post('/messages', { message_text: 'x', username: 'eve.api' })).toMatchObject(
      refused('not-allowed', 403),
    );
    await say(eve, await openedBy(eve, bot.userId), 'hello bot');
    expect(await post('/messages', { message_text: 'x', username: 'eve.api' })).toMatchObject({
      status: 200,
    });
  });

  test('BOT2 is in a group for as long as its owner is', async () => {
    const group = await groupOf(bob, bot.userId, await userOf(ann));
    const message = { message_text: 'in the group', conversation_id: group };
    expect(await post('/messages', message)).toMatchObject({ status: 200 });
    must(await bob.mutate('group.remove', { conversationId: group, userId: await userOf(ann) }));
    expect(await post('/messages', message)).toMatchObject(refused('not-allowed', 403));
    expect(await get(`/chats/${group}/messages`)).toMatchObject(refused('not-allowed', 403));
    const chats = (await get('/chats')).body.chats as readonly { conversation_id: string }[];
    expect(chats.map((chat) => chat.conversation_id)).not.toContain(group);
  });

  test('a username is the same in capital letters', async () => {
    expect(await post('/messages', { message_text: 'x', username: 'ANN.api' })).toMatchObject({
      status: 200,
    });
  });

  test('API1 what has the form of an id and stands for nothing is not there, or not for the bot', async () => {
    const [first, second] = ['zzzzzzzz', 'aaaaaaaa'];
    const chat = `direct:${first}:${second}`;
    expect(await get(`/chats/${chat}/messages`)).toMatchObject(refused('not-allowed', 403));
    const turned = `direct:${[bot.userId, ann.userId].sort().reverse().join(':')}`;
    expect(await get(`/chats/${turned}/messages`)).toMatchObject(refused('not-found', 404));
    expect(await post('/messages', { message_text: 'x', conversation_id: turned })).toMatchObject(
      refused('not-found', 404),
    );
  });

  test('what is wrong with a request is said', async () => {
    const wrong: readonly [unknown, string, number][] = [
      [{ message_text: 'x' }, 'bad-input', 400],
      [{ message_text: '', username: 'ann.api' }, 'bad-input', 400],
      [{ message_text: 'x', username: 'ann.api', user_id: 'aaaaaaaa' }, 'bad-input', 400],
      [{ message_text: 'x', username: 'ann.api', colour: 'red' }, 'bad-input', 400],
      [{ message_text: 'x'.repeat(70_000), username: 'ann.api' }, 'bad-input', 400],
      [{ message_text: 'é'.repeat(40_000), username: 'ann.api' }, 'too-large', 413],
      [{ message_text: '\u0001'.repeat(20_000), username: 'ann.api' }, 'too-large', 413],
      [{ message_text: 'x', username: 'nobody.at.all' }, 'not-found', 404],
      [{ message_text: 'x', conversation_id: 'group:nothing-there' }, 'not-allowed', 403],
      ['{"message_text":', 'bad-input', 400],
    ];
    for (const [body, code, status] of wrong)
      expect(await post('/messages', body), JSON.stringify(body).slice(0, 80)).toMatchObject(
        refused(code, status),
      );
    const elsewhere = { headers: { origin: 'https://elsewhere.example' }, as: null };
    expect(await post('/messages', { message_text: 'x', username: 'ann.api' }, elsewhere)).toMatchObject(
      refused('key-invalid', 401),
    );
    const deleted = await ask('DELETE', '/messages');
    expect(deleted).toMatchObject(refused('wrong-method', 405));
    expect(deleted.headers.get('allow')).toBe('POST');
    const put = await ask('PUT', '/openapi.json');
    expect(put).toMatchObject(refused('wrong-method', 405));
    expect(put.headers.get('allow')).toBe('GET, HEAD');
    expect(await get('/nowhere')).toMatchObject(refused('not-found', 404));
    expect(await get('/chats?limit=0')).toMatchObject(refused('bad-input', 400));
    expect(await get('/chats/..%2f..%2f/messages')).toMatchObject(refused('bad-input', 400));
    const asked = { headers: { 'idempotency-key': 'with a space' } };
    expect(await post('/messages', { message_text: 'x', username: 'ann.api' }, asked)).toMatchObject(
      refused('bad-input', 400),
    );
  });
});

describe('reading', () => {
  test('reads on from a position, which counts as delivered, and marks as read', async () => {
    const chat = await openedBy(bob, bot.userId);
    await say(bob, chat, 'one');
    await say(bob, chat, 'two');
    const first = (await get(`/chats/${chat}/messages?limit=1`)).body;
    const rest = (await get(`/chats/${chat}/messages?after=${first.next_after}`)).body;
    const texts = [...first.messages, ...rest.messages].map((message: { text: string }) => message.text);
    expect(texts.slice(-2)).toEqual(['one', 'two']);
    expect(rest.next_after).toBe(rest.last_position);
    const standing = async () => {
      const { heads } = must(
        await bob.query<{ heads: readonly { othersDelivered: number; othersRead: number }[] }>('sync.heads', {
          only: [chat],
        }),
      );
      return heads[0];
    };
    expect(await standing()).toMatchObject({ othersDelivered: rest.last_position });
    expect(await post(`/chats/${chat}/read`, { position: rest.last_position })).toMatchObject({
      status: 200,
    });
    expect(await standing()).toMatchObject({ othersRead: rest.last_position });
    const nothing = await get(`/chats/${chat}/messages?after=${rest.last_position}`);
    expect(nothing.body).toEqual({
      messages: [],
      last_position: rest.last_position,
      next_after: rest.last_position,
    });
  });

  test('says who has a message of the bot’s', async () => {
    const sent = (await post('/messages', { message_text: 'have you got it?', username: 'bob.api' })).body;
    const receipts = await get(`/chats/${sent.conversation_id}/messages/${sent.position}/receipts`);
    expect(receipts).toMatchObject({
      status: 200,
      body: { recipients: [{ user_id: await userOf(bob), delivered_at: null, read_at: null }] },
    });
  });

  test('PRES1 moves no last seen', async () => {
    await get('/chats');
    const [presence] = must(
      await ann.mutate<readonly { lastSeen?: number | null; online: boolean }[]>('presence.watch', {
        userIds: [bot.userId],
        conversationIds: [],
      }),
    );
    expect(presence?.online).toBe(false);
    expect(presence?.lastSeen ?? null).toBeNull();
  });
});

describe('limits and documents', () => {
  test('API2 a key has so many requests a minute, and is told what is left', async () => {
    const { secret: as } = await madeKey(ann, bot, ['chats']);
    const { headers } = await get('/me', { as });
    expect(headers.get('ratelimit-policy')).toBe('"key";q=300;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"key";r=299;t=\d+$/);
    for (let asked = 1; asked < 300; asked += 20)
      await Promise.all(Array.from({ length: Math.min(20, 300 - asked) }, () => get('/me', { as })));
    const flooded = await get('/me', { as });
    expect(flooded).toMatchObject(refused('too-many-requests', 429));
    expect(Number(flooded.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await get('/me')).toMatchObject({ status: 200 });
  });

  test('API2 the operator sets how many', async () => {
    const another = mkdtempSync(join(tmpdir(), 'tidings-public-api-'));
    const set = { PORT: '0', DATA_DIR: another, WEB_DIR: join(another, 'web'), API_REQUESTS_PER_MINUTE: '2' };
    const strict = await startServer(readConfig(set, [], another), pino({ level: 'silent' }));
    try {
      const url = strict.url.replace('localhost', '127.0.0.1');
      const owner = await AssetClient.signUp(url, 'owner.api');
      const { secret: as } = await madeKey(owner, await madeBot(owner));
      const asked = () => fetch(`${url}/api/v1/me`, { headers: { authorization: `Bearer ${as}` } });
      const statuses = [];
      for (let times = 0; times < 3; times += 1) statuses.push((await asked()).status);
      expect(statuses).toEqual([200, 200, 429]);
    } finally {
      await strict.stop();
      rmSync(another, { recursive: true });
    }
  });

  test('an address that tries wrong keys has to wait, and right ones of the same address go on', async () => {
    const tried: number[] = [];
    for (let round = 0; round < 2; round += 1)
      tried.push(
        ...(await Promise.all(
          Array.from({ length: 40 }, async () => (await get('/me', { as: `tid_${secureId()}` })).status),
        )),
      );
    expect(new Set(tried)).toEqual(new Set([401, 429]));
    expect(await get('/me')).toMatchObject({ status: 200 });
  });

  test('the OpenAPI document names every operation, and the reference is a page of our own', async () => {
    const document = (await get('/openapi.json', { as: null })).body;
    expect(document.openapi).toBe('3.1.0');
    const ids = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>)
      .flatMap((methods) => Object.values(methods))
      .map(({ operationId }) => operationId);
    expect(ids).toEqual(['getMe', 'postMessage', 'listChats', 'readMessages', 'markRead', 'getReceipts']);
    const page = await fetch(`${address}/api/docs`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await page.text();
    for (const id of ids) expect(html).toContain(`id="${id}"`);
    expect(html).not.toMatch(/<script|https?:/);
  });
});

const text = (text: string) => ({ type: 'text', text }) as const;
