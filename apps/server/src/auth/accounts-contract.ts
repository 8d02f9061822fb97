import type { Server } from 'node:http';
import type { SignedIn } from '@tidings/api/auth';
import { secureId, systemClock } from '@tidings/api/clock';
import { errorSentences } from '@tidings/api/error-sentences';
import { type ErrorCode, errorTable } from '@tidings/api/errors';
import { type SessionId, userId } from '@tidings/api/ids';
import type { Directory } from '@tidings/db/directory/directory';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { authRoutes } from '../http/auth-routes.ts';
import { Origins } from '../http/origins.ts';
import { makeHttpServer } from '../http/server.ts';
import { SignUpRule } from '../services/sign-up-rule.ts';
import { Browser, listen } from '../testing/browser.ts';
import { Accounts } from './accounts.ts';
import { makeBetterAuth } from './better-auth.ts';
import { memoryLimiter } from './limiter.ts';
import { argon2id, type Passwords } from './passwords.ts';
import { makeResetCode, resetCodeHash } from './reset-codes.ts';
import { sessionCookieName } from './session-cookie.ts';
import { Sessions } from './sessions.ts';

export const anna = { username: 'anna', displayName: 'Anna Keller', password: 'correct horse' };
const secret = 'a secret of the tests, long enough';

/** The auth endpoints on a real directory. `ended` is what the handlers were told to close; `hashes`, how many were computed. */
export class Edge implements AsyncDisposable {
  readonly directory: Directory;
  readonly server: Server;
  readonly url: string;
  readonly ended: SessionId[];
  readonly #counted: { hashes: number };

  private constructor(
    parts: Pick<Edge, 'directory' | 'server' | 'url' | 'ended'>,
    counted: { hashes: number },
  ) {
    this.directory = parts.directory;
    this.server = parts.server;
    this.url = parts.url;
    this.ended = parts.ended;
    this.#counted = counted;
  }

  get hashes(): number {
    return this.#counted.hashes;
  }

  static async open(
    directory: Directory,
    signUp: 'open' | 'invite' = 'open',
    publicUrl: URL | null = null,
  ): Promise<Edge> {
    const secure = publicUrl !== null;
    const sessions = new Sessions({
      directory: directory.sessions,
      clock: systemClock,
      secret,
      cookieName: sessionCookieName(secure),
      believeMs: 30_000,
    });
    const ended: SessionId[] = [];
    const gate = {
      async end(_: unknown, gone: readonly SessionId[]) {
        ended.push(...gone);
        sessions.ended(gone);
      },
    };
    const counted = { hashes: 0 };
    const passwords = countedBy(counted);
    const auth = makeBetterAuth({ database: directory, secret, secure, makeId: secureId, passwords });
    const accounts = new Accounts({
      ...directory,
      auth,
      gate,
      clock: systemClock,
      makeId: secureId,
      limiter: memoryLimiter,
      signUpRule: new SignUpRule(directory.administration, signUp),
    });
    const config = { publicUrl, allowedOrigins: [], trustProxy: 1 };
    const server = makeHttpServer({
      api: { '/api/auth': authRoutes({ accounts, sessions, config }) },
      socket: (_request, socket) => void socket.destroy(),
      pages: { handle: (_request, response) => void response.end() },
      origins: new Origins({ publicUrl: null, allowedOrigins: [] }),
      logger: pino({ level: 'silent' }),
      config,
    });
    return new Edge({ directory, server, url: await listen(server), ended }, counted);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await this.directory.close();
  }
}

const countedBy = (counted: { hashes: number }): Passwords => ({
  hash(password) {
    counted.hashes += 1;
    return argon2id.hash(password);
  },
  verify(attempt) {
    counted.hashes += 1;
    return argon2id.verify(attempt);
  },
});

const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
const signIn = (on: Browser, username: string, password: string, address = '9.9.9.9') =>
  on.post('/api/auth/sign-in', { username, password }, from(address));

const signedIn = async (answer: Promise<Response>): Promise<SignedIn> =>
  (await (await answer).json()) as SignedIn;

export async function expectError(answer: Response, code: ErrorCode): Promise<void> {
  expect(await answer.json()).toEqual({
    error: expect.objectContaining({ code, message: errorSentences[code] }),
  });
  expect(answer.status).toBe(errorTable[code].http);
}

/** Signing up, in and out, on any directory; `openDirectory` gives one that is empty. */
export function describeAccounts(name: string, openDirectory: () => Promise<Directory>): void {
  describe(`accounts on ${name}`, () => {
    // Password hashing, databases and real time: slow on a busy machine.
    vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

    const open = async (...how: [signUp?: 'open' | 'invite', publicUrl?: URL]) =>
      Edge.open(await openDirectory(), ...how);

    let edge: Edge;
    let browser: Browser;

    beforeEach(async () => {
      edge = await open();
      browser = new Browser(edge.url);
    });
    afterEach(() => edge[Symbol.asyncDispose]());

    describe('signing up and in', () => {
      test('an account is made, and its cookie is for our pages only', async () => {
        const answer = await browser.post('/api/auth/sign-up', anna);
        expect(answer.status).toBe(200);
        const signedIn = await answer.json();
        expect(signedIn).toEqual({
          userId: expect.any(String),
          username: 'anna',
          displayName: 'Anna Keller',
          sessionId: expect.any(String),
        });
        const [cookie = ''] = answer.headers.getSetCookie();
        expect(cookie).toMatch(
          /^tidings\.session_token=[^;]+; Max-Age=7776000; Path=\/; HttpOnly; SameSite=Lax$/,
        );
        expect(answer.headers.get('cache-control')).toBe('no-store');
        expect(await (await browser.get('/api/auth/session')).json()).toEqual(signedIn);
      });

      test('behind https the cookie is Secure', async () => {
        await using secure = await open('open', new URL('https://chat.example.org'));
        const answer = await new Browser(secure.url).post('/api/auth/sign-up', anna);
        expect(answer.headers.getSetCookie()[0]).toMatch(/^__Secure-tidings\.session_token=.*; Secure;/);
      });

      test('names are without case, and taken once, also by two at once', async () => {
        const answers = await Promise.all(
          ['Anna', 'ANNA'].map((username) =>
            new Browser(edge.url).post('/api/auth/sign-up', { ...anna, username }),
          ),
        );
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
        await expectError(await browser.post('/api/auth/sign-up', anna), 'username-taken');
        expect((await signIn(browser, 'aNNa', anna.password)).status).toBe(200);
      });

      test.each([
        [{ ...anna, username: 'a' }],
        [{ ...anna, username: 'anna keller' }],
        [{ ...anna, displayName: '  ' }],
        [{ ...anna, password: 'short' }],
        [{ ...anna, password: 'x'.repeat(201) }],
        [{ ...anna, deviceId: 'not an id' }],
        [{}],
        ['{"username":'],
        [[anna]],
      ])('refuses %j', async (body) => {
        await expectError(await browser.post('/api/auth/sign-up', body), 'bad-input');
      });

      test('takes JSON only, and not much of it', async () => {
        const asText = { headers: { 'content-type': 'text/plain' } };
        await expectError(
          await browser.post(
            '/api/auth/sign-in',
            JSON.stringify({ username: 'anna', password: 'x' }),
            asText,
          ),
          'bad-input',
        );
        await expectError(
          await browser.post('/api/auth/sign-in', { username: 'anna', password: 'x'.repeat(100_000) }),
          'too-large',
        );
        await expectError(await browser.get('/api/auth/sign-in'), 'not-found');
      });

      test('what a crash left of a sign-up takes no name for ever', async () => {
        const long = new Date(Date.now() - 3_600_000);
        const half = {
          id: 'half-made',
          name: 'A',
          username: 'anna',
          displayUsername: 'anna',
          email: 'a@users.invalid',
          createdAt: long,
        };
        await edge.directory.client.user.create({ data: half });
        expect((await browser.post('/api/auth/sign-up', anna)).status).toBe(200);
        await edge.directory.client.user.create({
          data: { ...half, username: 'ben', email: 'b@users.invalid', createdAt: new Date() },
        });
        await expectError(
          await browser.post('/api/auth/sign-up', { ...anna, username: 'ben' }),
          'username-taken',
        );
      });
    });

    describe('SESS2 unknown users', () => {
      test('SESS2 are answered like wrong passwords, and cost a hash as those do', async () => {
        await browser.post('/api/auth/sign-up', anna);
        const attempt = async (username: string) => {
          const before = edge.hashes;
          const answer = await signIn(new Browser(edge.url), username, 'wrong password');
          return {
            hashes: edge.hashes - before,
            status: answer.status,
            body: await answer.text(),
            headers: [...answer.headers.keys()].sort(),
          };
        };
        const wrong = await attempt('anna');
        expect(wrong.hashes).toBe(1);
        expect(await attempt('nobody')).toEqual(wrong);
      });
    });

    describe('SESS3 limits', () => {
      test('SESS3 the eleventh failure of a name is refused, the right password included, known name or not', async () => {
        await browser.post('/api/auth/sign-up', anna);
        for (const name of ['anna', 'nobody']) {
          for (let attempt = 0; attempt < 10; attempt += 1) {
            await expectError(
              await signIn(browser, name, 'wrong password', `2.0.0.${attempt}`),
              'wrong-credentials',
            );
          }
          const refused = await signIn(browser, name, anna.password, '2.0.1.1');
          expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500);
          await expectError(refused, 'too-many-requests');
        }
      });

      test('SESS3 a hundred at once are no way around it', async () => {
        await browser.post('/api/auth/sign-up', anna);
        const attempts = Array.from({ length: 30 }, (_, index) =>
          signIn(new Browser(edge.url), 'anna', 'wrong password', `3.0.0.${index}`),
        );
        const statuses = (await Promise.all(attempts)).map(({ status }) => status);
        expect(statuses.filter((status) => status === 401)).toHaveLength(10);
        expect(statuses.filter((status) => status === 429)).toHaveLength(20);
      });

      test('SESS3 the fifty-first failure from an address is refused; one network of IPv6 is one address', async () => {
        const statuses: number[] = [];
        for (let attempt = 0; attempt < 51; attempt += 1) {
          statuses.push(
            (await signIn(browser, `user${attempt}`, 'wrong password', `2001:db8:1:2::${attempt}`)).status,
          );
        }
        expect(statuses.slice(0, 50)).toEqual(Array(50).fill(401));
        expect(statuses[50]).toBe(429);
        expect((await signIn(browser, 'somebody', 'wrong password', '2001:db8:1:3::1')).status).toBe(401);
      });

      test('SESS3 success starts the counting anew', async () => {
        await browser.post('/api/auth/sign-up', anna);
        for (let round = 0; round < 3; round += 1) {
          for (let attempt = 0; attempt < 9; attempt += 1)
            expect((await signIn(browser, 'anna', 'wrong password')).status).toBe(401);
          expect((await signIn(browser, 'anna', anna.password)).status).toBe(200);
        }
      });
    });

    describe('SESS4 invitations', () => {
      const invite = async (on: Edge, code: string, maxUses: number, expiresAt = Date.now() + 60_000) =>
        on.directory.invites.create({
          code,
          createdBy: userId('somebody'),
          createdAt: Date.now(),
          expiresAt,
          maxUses,
          uses: 0,
        });
      const signUp = (on: Edge, username: string, code?: string) =>
        new Browser(on.url).post('/api/auth/sign-up', {
          ...anna,
          username,
          ...(code ? { invite: code } : {}),
        });

      test('SESS4 no account without one that is valid', async () => {
        await using closed = await open('invite');
        await invite(closed, 'expired', 1, Date.now() - 1);
        expect(await (await new Browser(closed.url).get('/api/auth/policy')).json()).toEqual({
          signUp: 'invite',
        });
        await expectError(await signUp(closed, 'anna'), 'sign-up-closed');
        await expectError(await signUp(closed, 'anna', 'made-up'), 'invite-invalid');
        await expectError(await signUp(closed, 'anna', 'expired'), 'invite-invalid');
        expect(await closed.directory.users.byUsername('anna')).toBeNull();
      });

      test('SESS4 a use is counted once, of many at once no more than there are', async () => {
        await using closed = await open('invite');
        await invite(closed, 'for-two', 2);
        const answers = await Promise.all(
          ['anna', 'ben', 'chloe', 'deniz'].map((name) => signUp(closed, name, 'for-two')),
        );
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 403, 403]);
      });

      test('SESS4 a taken name costs no use', async () => {
        await using closed = await open('invite');
        await invite(closed, 'for-two', 2);
        expect((await signUp(closed, 'anna', 'for-two')).status).toBe(200);
        await expectError(await signUp(closed, 'anna', 'for-two'), 'username-taken');
        expect((await signUp(closed, 'ben', 'for-two')).status).toBe(200);
        await expectError(await signUp(closed, 'chloe', 'for-two'), 'invite-invalid');
      });
    });

    describe('sessions', () => {
      const deviceId = 'device-of-the-tests';

      test('a device is named after its browser, or as it says', async () => {
        const signedUp = await signedIn(browser.post('/api/auth/sign-up', { ...anna, deviceId }));
        const second = await signedIn(
          new Browser(edge.url).post('/api/auth/sign-in', { ...anna, deviceName: 'Kitchen' }),
        );
        const rows = await edge.directory.sessions.ofUser(userId(signedUp.userId));
        const named = new Map(
          rows.map((row) => [row.sessionId as string, { name: row.name, deviceId: row.deviceId }]),
        );
        expect(named.get(signedUp.sessionId)).toEqual({ name: 'Firefox on Linux', deviceId });
        expect(named.get(second.sessionId)).toEqual({ name: 'Kitchen', deviceId: null });
      });

      test('signing in again on a device, or in a browser, replaces its session', async () => {
        const first = await signedIn(browser.post('/api/auth/sign-up', { ...anna, deviceId }));
        const second = await signedIn(new Browser(edge.url).post('/api/auth/sign-in', { ...anna, deviceId }));
        expect(edge.ended).toEqual([first.sessionId]);
        const again = new Browser(edge.url);
        const third = await signedIn(signIn(again, 'anna', anna.password));
        const fourth = await signedIn(signIn(again, 'anna', anna.password));
        expect(edge.ended).toEqual([first.sessionId, third.sessionId]);
        const left = await edge.directory.sessions.ofUser(userId(first.userId));
        expect(left.map(({ sessionId }) => sessionId).sort()).toEqual(
          [second.sessionId, fourth.sessionId].sort(),
        );
      });

      test('SESS1 signing out ends the session: its cookie is refused from then on', async () => {
        const { sessionId } = await signedIn(browser.post('/api/auth/sign-up', anna));
        const { cookie } = browser;
        const out = await browser.post('/api/auth/sign-out', '');
        expect(out.status).toBe(204);
        expect(browser.cookie).toBe('');
        expect(edge.ended).toEqual([sessionId]);
        browser.cookie = cookie;
        await expectError(await browser.get('/api/auth/session'), 'not-signed-in');
        expect((await browser.post('/api/auth/sign-out', '')).status).toBe(204);
      });

      test('SESS1 signing out tells the directory, which may keep the session elsewhere too', async () => {
        const { sessionId, userId: user } = await signedIn(browser.post('/api/auth/sign-up', anna));
        const remove = vi.spyOn(edge.directory.sessions, 'remove');
        await browser.post('/api/auth/sign-out', '');
        expect(remove).toHaveBeenCalledWith(user, sessionId);
      });

      test('SESS1 a new password ends all other sessions, and only the old one opens the door to it', async () => {
        const here = await signedIn(browser.post('/api/auth/sign-up', anna));
        const other = new Browser(edge.url);
        const there = await signedIn(signIn(other, 'anna', anna.password));
        const change = (current: string) =>
          browser.post('/api/auth/password', { current, next: 'battery staple' });
        await expectError(await change('wrong password'), 'wrong-credentials');
        expect(edge.ended).toEqual([]);
        expect((await change(anna.password)).status).toBe(204);
        expect(edge.ended).toEqual([there.sessionId]);
        expect((await other.get('/api/auth/session')).status).toBe(401);
        expect((await signedIn(browser.get('/api/auth/session'))).sessionId).toBe(here.sessionId);
        await expectError(await signIn(other, 'anna', anna.password), 'wrong-credentials');
        expect((await signIn(other, 'anna', 'battery staple')).status).toBe(200);
        await expectError(
          await new Browser(edge.url).post('/api/auth/password', { current: 'x', next: 'battery staple' }),
          'not-signed-in',
        );
      });

      test('ADM2 whoever signs up first is an operator, and nobody who comes later', async () => {
        const roles = async () =>
          (await edge.directory.client.user.findMany({ orderBy: { createdAt: 'asc' } })).map(({ role }) => role);
        await signedIn(browser.post('/api/auth/sign-up', anna));
        await signedIn(new Browser(edge.url).post('/api/auth/sign-up', { ...anna, username: 'ben' }));
        expect(await roles()).toEqual(['operator', 'user']);
        const log = await edge.directory.administration.audit(null, 9);
        expect(log.map(({ act }) => act)).toEqual(['first-operator']);
      });

      test('ADM4 who is suspended is told so at sign-in, if they know the password, and has no session', async () => {
        const { userId: id } = await signedIn(browser.post('/api/auth/sign-up', anna));
        const data = { suspendedAt: new Date(), role: 'user' };
        await edge.directory.client.user.update({ where: { id }, data });
        const other = new Browser(edge.url);
        await expectError(await signIn(other, 'anna', 'wrong password'), 'wrong-credentials');
        await expectError(await signIn(other, 'anna', anna.password), 'suspended');
        expect((await other.get('/api/auth/session')).status).toBe(401);
        await edge.directory.client.user.update({ where: { id }, data: { suspendedAt: null } });
        // Only the one from before is left.
        expect(await edge.directory.sessions.ofUser(userId(id))).toHaveLength(1);
      });

      test('ADM6 with an operator’s code one chooses a new password, once', async () => {
        const { userId: id, sessionId } = await signedIn(browser.post('/api/auth/sign-up', anna));
        const by = { userId: userId(id), deviceId: 'device-of-the-tests' as never, at: Date.now() };
        const code = makeResetCode();
        const ended = await edge.directory.administration.act(by, {
          type: 'reset',
          user: userId(id),
          codeHash: resetCodeHash(code),
          until: Date.now() + 60_000,
        });
        expect(ended).toEqual([sessionId]);
        const other = new Browser(edge.url);
        await expectError(await signIn(other, 'anna', anna.password), 'wrong-credentials');
        const reset = (given: string) =>
          other.post('/api/auth/reset', { code: given, next: 'battery staple' });
        await expectError(await reset('something else'), 'reset-invalid');
        expect((await reset(code)).status).toBe(204);
        await expectError(await reset(code), 'reset-invalid');
        expect((await signIn(other, 'anna', 'battery staple')).status).toBe(200);
      });

      test('ADM8 sign-up is as operators choose from then on', async () => {
        const { userId: id } = await signedIn(browser.post('/api/auth/sign-up', anna));
        const by = { userId: userId(id), deviceId: 'device-of-the-tests' as never, at: Date.now() };
        await edge.directory.administration.act(by, { type: 'set', name: 'sign-up', value: 'invite' });
        expect(await (await browser.get('/api/auth/policy')).json()).toEqual({ signUp: 'invite' });
        await expectError(
          await new Browser(edge.url).post('/api/auth/sign-up', { ...anna, username: 'ben' }),
          'sign-up-closed',
        );
      });

      test('a session that is used lives on: its end is put off, at most once a day', async () => {
        const { sessionId } = await signedIn(browser.post('/api/auth/sign-up', anna));
        const day = 24 * 3_600_000;
        const endsIn = (days: number) => ({
          where: { id: sessionId },
          data: { expiresAt: new Date(Date.now() + days * day) },
        });
        await edge.directory.client.session.update(endsIn(80));
        const [cookie] = (await browser.get('/api/auth/session')).headers.getSetCookie();
        expect(cookie).toContain('Max-Age=7776000');
        const [row] = await edge.directory.sessions.ofUser(
          userId((await signedIn(browser.get('/api/auth/session'))).userId),
        );
        expect(row?.expiresAt).toBeGreaterThan(Date.now() + 89.9 * day);
      });
    });
  });
}
