import { createHmac } from 'node:crypto';
import type { Clock } from '@tidings/api/clock';
import { type SessionId, sessionId, userId } from '@tidings/api/ids';
import type { SessionDirectory, SessionRecord } from '@tidings/db/directory/port';
import { beforeEach, describe, expect, test } from 'vitest';
import { Sessions } from './sessions.ts';

const secret = 'a secret of the tests';
const cookieName = 'tidings.session_token';
const cookieFor = (token: string, key = secret) =>
  `other=1; ${cookieName}=${encodeURIComponent(`${token}.${createHmac('sha256', key).update(token).digest('base64')}`)}`;

/** A clock that stands still, and runs what waits when told to. */
class HandClock implements Clock {
  time = 1_000_000_000;
  #waiting: { readonly at: number; readonly task: () => void }[] = [];
  now = () => this.time;
  soon = (task: () => void) => void this.after(0, task);
  after(ms: number, task: () => void) {
    const one = { at: this.time + ms, task };
    this.#waiting.push(one);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== one);
    };
  }
  async pass(ms: number): Promise<void> {
    this.time += ms;
    const due = this.#waiting.filter(({ at }) => at <= this.time);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.time);
    for (const { task } of due) task();
    await new Promise(setImmediate);
  }
}

class FakeDirectory {
  readonly rows = new Map<string, SessionRecord>();
  readonly queries: number[] = [];
  readonly used: SessionId[] = [];
  /** Called after a query was answered, before the answer arrives. */
  meanwhile = () => {};

  add(token: string, clock: Clock, lastUsedAt = clock.now()): SessionRecord {
    const record: SessionRecord = {
      sessionId: sessionId(`session-${token}`),
      token,
      userId: userId('user-0001'),
      deviceId: null,
      name: '',
      createdAt: 0,
      lastUsedAt,
      expiresAt: clock.now() + 3_600_000,
      role: 'user',
    };
    this.rows.set(token, record);
    return record;
  }

  async byTokens(tokens: readonly string[]): Promise<SessionRecord[]> {
    this.queries.push(tokens.length);
    const found = tokens.flatMap((token) => this.rows.get(token) ?? []);
    this.meanwhile();
    return found;
  }

  async bind(session: SessionId): Promise<void> {
    this.used.push(session);
  }
}

let clock: HandClock;
let directory: FakeDirectory;
let sessions: Sessions;

beforeEach(() => {
  clock = new HandClock();
  directory = new FakeDirectory();
  sessions = new Sessions({
    directory: directory as unknown as SessionDirectory,
    clock,
    secret,
    cookieName,
    believeMs: 30_000,
  });
});

/** Asks, and lets the time pass that gathering takes. */
async function ask(...cookies: (string | undefined)[]): Promise<(SessionId | null)[]> {
  const asked = cookies.map((cookie) => sessions.ofCookie(cookie));
  await clock.pass(5);
  await clock.pass(5);
  return (await Promise.all(asked)).map((record) => record?.sessionId ?? null);
}

describe('whom a cookie belongs to', () => {
  test('SESS5 nobody without our signature', async () => {
    directory.add('token', clock);
    const signed = cookieFor('token');
    const forged = [
      undefined,
      '',
      'x',
      `${cookieName}=token`,
      `${cookieName}=token.`,
      `${cookieName}=%E0%A4%A`,
      cookieFor('token', 'another'),
      signed.replace('token.', 'taken.'),
      signed.slice(0, -6),
    ];
    expect(await ask(...forged)).toEqual(forged.map(() => null));
    expect(directory.queries).toEqual([]);
    expect(await ask(signed)).toEqual(['session-token']);
  });

  test('many at once are one query', async () => {
    const tokens = Array.from({ length: 900 }, (_, index) => `token-${index}`);
    for (const token of tokens) directory.add(token, clock);
    const found = await ask(...tokens.map((token) => cookieFor(token)));
    expect(found).toEqual(tokens.map((token) => `session-${token}`));
    expect(directory.queries).toEqual([900]);
  });

  test('a session is believed for a while, then looked up again', async () => {
    directory.add('token', clock);
    await ask(cookieFor('token'));
    await ask(cookieFor('token'));
    expect(directory.queries).toEqual([1]);
    directory.rows.clear();
    clock.time += 31_000;
    expect(await ask(cookieFor('token'))).toEqual([null]);
  });

  test('an expired session is nobody, also when it is still believed', async () => {
    directory.add('token', clock);
    await ask(cookieFor('token'));
    directory.rows.set('other', { ...directory.add('other', clock), expiresAt: clock.now() + 10_000 });
    expect(await ask(cookieFor('other'))).toEqual(['session-other']);
    clock.time += 10_001;
    expect(await ask(cookieFor('other'))).toEqual([null]);
  });

  test('SESS1 an ended session is nobody at once', async () => {
    const { sessionId: ended } = directory.add('token', clock);
    await ask(cookieFor('token'));
    directory.rows.delete('token');
    sessions.ended([ended]);
    expect(await ask(cookieFor('token'))).toEqual([null]);
  });

  test('SESS1 a session that ends while it is looked up is nobody', async () => {
    const { sessionId: ended } = directory.add('token', clock);
    directory.meanwhile = () => {
      directory.meanwhile = () => {};
      directory.rows.delete('token');
      sessions.ended([ended]);
    };
    expect(await ask(cookieFor('token'))).toEqual([null]);
    expect(directory.queries).toEqual([1, 1]);
  });

  test('the last use is written once in a while', async () => {
    const hour = 3_600_000;
    const { sessionId: used } = directory.add('token', clock, clock.now() - hour);
    await ask(cookieFor('token'), cookieFor('token'));
    await clock.pass(100);
    await ask(cookieFor('token'));
    await clock.pass(100);
    expect(directory.used).toEqual([used]);
  });
});
