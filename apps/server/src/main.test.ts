import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

let folder: string;
const running: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidings-main-'));
});
afterEach(async () => {
  for (const child of running.splice(0)) await end(child, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

class Run {
  readonly child: ChildProcess;
  out = '';
  err = '';

  constructor(settings: Record<string, string> = {}, args: readonly string[] = []) {
    const env = {
      PATH: process.env.PATH,
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      WEB_DIR: join(folder, 'web'),
      ...settings,
    };
    this.child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(this.child);
    this.child.stdout?.on('data', (chunk) => {
      this.out += chunk;
    });
    this.child.stderr?.on('data', (chunk) => {
      this.err += chunk;
    });
  }

  async ready(): Promise<string> {
    const url = () => /^Tidings is ready: (http:\S+)$/m.exec(this.out)?.[1];
    await vi.waitFor(() => expect(url(), this.err).toBeDefined(), { timeout: 60_000 });
    return (url() as string).replace('localhost', '127.0.0.1');
  }

  /** The exit code. */
  async over(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}

const oneSentence = /^[A-Z][^\n]*\.\n$/;

describe('what is wrong is said in one sentence, with a non-zero exit', { timeout: 90_000 }, () => {
  async function refusal(settings: Record<string, string>, args: readonly string[] = []): Promise<string> {
    const run = new Run(settings, args);
    expect(await run.over()).toBe(1);
    expect(run.err).toMatch(oneSentence);
    expect(run.out).not.toContain('ready');
    return run.err;
  }

  test('a wrong setting', async () => {
    expect(await refusal({ PORT: 'abc' })).toContain('The setting PORT must be a whole number');
  });

  test('an unknown option', async () => {
    expect(await refusal({}, ['--dmeo'])).toContain('--demo');
  });

  test('a data folder that can’t be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await refusal({ DATA_DIR: join(folder, 'file', 'data') })).toContain('DATA_DIR');
  });

  test('a port in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    expect(await refusal({ PORT: String(port) })).toContain(`Port ${port} is in use`);
    taken.close();
  });

  test('a folder that another server uses', async () => {
    const first = new Run();
    await first.ready();
    expect(await refusal({})).toContain(`in use by another Tidings (process ${first.child.pid})`);
  });

  test('data that can’t be read', async () => {
    const first = new Run();
    await first.ready();
    await end(first.child, 'SIGTERM');
    for (const file of ['directory.db', 'tidings.db']) {
      const path = join(folder, 'data', file);
      const whole = readFileSync(path);
      writeFileSync(path, 'This is not what it should be. '.repeat(300));
      expect(await refusal({})).toContain(join(folder, 'data'));
      writeFileSync(path, whole);
    }
    await new Run().ready();
  });
});

describe('signals', { timeout: 90_000 }, () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it in good order', async (signal) => {
    const run = new Run();
    const url = await run.ready();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await end(run.child, signal);
    expect(run.child.exitCode).toBe(0);
    expect(run.err).toBe('');
  });

  test('killed, it starts again on the same folder', async () => {
    const run = new Run();
    await run.ready();
    await end(run.child, 'SIGKILL');
    const again = new Run();
    expect((await fetch(`${await again.ready()}/healthz`)).status).toBe(200);
  });
});

describe('--demo', { timeout: 120_000 }, () => {
  test('says how to sign in, and seeds once', async () => {
    const first = new Run({}, ['--demo']);
    const url = await first.ready();
    const words = /sign in as (\w+) .*password.* (\S+)$/m;
    await vi.waitFor(() => expect(first.out).toMatch(words));
    const [, username, password] = words.exec(first.out) ?? [];
    const signIn = (at: string) =>
      fetch(`${at}/api/auth/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username, password }),
      });
    const heads = async (at: string) => {
      const cookie = (await signIn(at)).headers.getSetCookie()[0]?.split(';')[0] ?? '';
      const answer = await fetch(`${at}/api/rpc/sync.heads?input=${encodeURIComponent('{}')}`, {
        headers: { cookie },
      });
      return (
        (await answer.json()) as {
          result: { data: { heads: { head: number; unread: number; kind: string }[] } };
        }
      ).result.data.heads;
    };
    const before = await heads(url);
    expect(before.filter(({ kind }) => kind === 'group').length).toBeGreaterThanOrEqual(3);
    expect(before.length).toBeGreaterThan(6);
    expect(before.some(({ unread }) => unread > 0)).toBe(true);
    await end(first.child, 'SIGTERM');
    const second = new Run({}, ['--demo']);
    expect(await heads(await second.ready())).toEqual(before);
    expect(second.out).toContain(password);
  });
});
