import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Usage, usageOf } from '../../bench/process-usage.ts';
import { freePort } from './free-port.ts';

const root = join(import.meta.dirname, '../..');

/** The real server on a data folder, as `npm start` runs it, and what it uses. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Ready when its own `/readyz` says so; at most two minutes, for machines that are busy. */
  static async start(
    dataDir: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<ServerProcess> {
    const port = settings.PORT ?? String(await freePort());
    const environment = {
      ...process.env,
      PORT: port,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
      ...settings,
    };
    const profile = process.env.CPU_PROFILE
      ? ['--cpu-prof', `--cpu-prof-dir=${process.env.CPU_PROFILE}`]
      : [];
    const child = spawn(process.execPath, [...profile, join(root, 'apps/server/src/main.ts')], {
      env: environment,
      stdio: ['ignore', 'ignore', 'inherit'],
      cwd: root,
    });
    const server = new ServerProcess(`http://127.0.0.1:${port}`, child);
    await server.#ready();
    return server;
  }

  usage(): Usage {
    return usageOf(this.#child.pid as number);
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGTERM');
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + 120_000;
    while (Date.now() < deadline && this.#child.exitCode === null) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the server did not get ready; its own words are above');
  }
}
