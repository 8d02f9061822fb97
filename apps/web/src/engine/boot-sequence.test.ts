import type { EngineState } from '@tidings/client/engine-port';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BootSequence } from './boot-sequence';
import { forgetSelf, knownSelf, rememberSelf } from './device';
import { anna, ben } from './testing/seed';

const { openClient } = vi.hoisted(() => ({ openClient: vi.fn() }));
vi.mock('./open-client', () => ({ openClient }));

const annas = { userId: anna, username: 'anna', displayName: 'Anna', sessionId: 'session-anna' };
const bens = { userId: ben, username: 'ben', displayName: 'Ben', sessionId: 'session-ben' };

describe('booting', () => {
  const page = { replace: vi.fn(), reload: vi.fn() };
  const client = new FakeClient();

  beforeEach(() => {
    vi.stubGlobal('window', new EventTarget());
    vi.stubGlobal('localStorage', new FakeStorage());
    vi.stubGlobal('sessionStorage', new FakeStorage());
    vi.stubGlobal('location', page);
    client.reset();
    openClient.mockReset().mockResolvedValue(client);
  });
  afterEach(() => {
    forgetSelf();
    page.replace.mockReset();
    page.reload.mockReset();
    vi.unstubAllGlobals();
  });

  test('who was signed in is trusted before any network answers, and offline', async () => {
    rememberSelf(annas);
    server('never answers');
    const boot = new BootSequence();
    void boot.start();
    await vi.waitFor(() => expect(boot.get().type).toBe('ready'));
    server('is down');
    const offline = new BootSequence();
    await offline.start();
    await vi.waitFor(() => expect(offline.get().type).toBe('ready'));
    expect(page.replace).not.toHaveBeenCalled();
  });

  test('a browser that knows nobody asks the server: the session opens the client, no session leads to sign-in', async () => {
    server(annas);
    const boot = new BootSequence();
    await boot.start();
    expect(boot.get().type).toBe('ready');
    expect(knownSelf()).toMatchObject({ userId: anna, displayName: 'Anna' });
    forgetSelf();
    for (const answer of ['not-signed-in', 'is down'] as const) {
      server(answer);
      await new BootSequence().start();
    }
    expect(page.replace.mock.calls).toEqual([['/sign-in'], ['/sign-in']]);
  });

  test('a session that ran out leads to sign-in and keeps what is local', async () => {
    rememberSelf(annas);
    server('not-signed-in');
    await new BootSequence().start();
    expect(page.replace).toHaveBeenCalledWith('/sign-in');
    expect(client.forget).not.toHaveBeenCalled();
    expect(knownSelf()?.userId).toBe(anna);
  });

  test('SESS1 a session that was revoked takes what it left here with it', async () => {
    await signedIn();
    server('session-ended');
    client.become({ connection: { type: 'ended', code: 'session-ended' } });
    await vi.waitFor(() => expect(page.replace).toHaveBeenCalledWith('/sign-in'));
    expect(client.forget).toHaveBeenCalledTimes(1);
    expect(knownSelf()).toBeNull();
  });

  test('a line that ends although there is a session loads the page once, not for ever', async () => {
    await signedIn();
    client.become({ connection: { type: 'ended', code: 'not-signed-in' } });
    await vi.waitFor(() => expect(page.reload).toHaveBeenCalledTimes(1));
    client.reset();
    const again = await signedIn();
    client.become({ connection: { type: 'ended', code: 'not-signed-in' } });
    await vi.waitFor(() => expect(again.get()).toMatchObject({ type: 'ready', ended: 'not-signed-in' }));
    expect(page.reload).toHaveBeenCalledTimes(1);
    expect(client.forget).not.toHaveBeenCalled();
  });

  test('WIRE3 a client that is too old says so and goes on showing what is local', async () => {
    const boot = await signedIn();
    client.become({ connection: { type: 'ended', code: 'outdated-client' } });
    expect(boot.get()).toMatchObject({ type: 'ready', ended: 'outdated-client' });
  });

  test('another user who signed in here gets their own store', async () => {
    rememberSelf(annas);
    server(bens);
    await new BootSequence().start();
    expect(page.reload).toHaveBeenCalled();
    expect(knownSelf()?.userId).toBe(ben);
  });

  test('signing out needs the server, and then forgets everything here', async () => {
    const boot = await signedIn();
    server('is down');
    await expect(boot.signOut()).rejects.toMatchObject({ code: 'unavailable' });
    expect(client.forget).not.toHaveBeenCalled();
    server('signed out');
    await boot.signOut();
    expect(client.forget).toHaveBeenCalledTimes(1);
    expect(page.replace).toHaveBeenCalledWith('/sign-in');
  });

  async function signedIn(): Promise<BootSequence> {
    rememberSelf(annas);
    server(annas);
    const boot = new BootSequence();
    await boot.start();
    await vi.waitFor(() => expect(boot.get().type).toBe('ready'));
    return boot;
  }
});

type Answer = typeof annas | 'not-signed-in' | 'session-ended' | 'signed out' | 'is down' | 'never answers';

function server(answer: Answer): void {
  vi.stubGlobal('fetch', async () => {
    if (answer === 'is down') throw new TypeError('Failed to fetch');
    if (answer === 'never answers') return new Promise(() => {});
    if (answer === 'signed out') return new Response(null, { status: 204 });
    return typeof answer === 'string'
      ? Response.json({ error: { code: answer } }, { status: 401 })
      : Response.json(answer);
  });
}

class FakeClient {
  readonly forget = vi.fn(async () => {});
  #listeners = new Set<() => void>();
  #state = {} as EngineState;

  readonly state = {
    get: () => this.#state,
    subscribe: (listener: () => void) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
  };

  reset(): void {
    this.forget.mockClear();
    this.#listeners = new Set();
    this.#state = { connection: { type: 'live' }, presence: new Map(), typing: new Map(), trouble: null };
  }

  become(state: Partial<EngineState>): void {
    this.#state = { ...this.#state, ...state };
    for (const listener of [...this.#listeners]) listener();
  }
}

class FakeStorage {
  readonly #values = new Map<string, string>();
  getItem = (key: string) => this.#values.get(key) ?? null;
  setItem = (key: string, value: string) => void this.#values.set(key, value);
  removeItem = (key: string) => void this.#values.delete(key);
}
