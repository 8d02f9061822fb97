import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../../support/server-process.ts';
import type { Settings, TestServer } from './test-server.ts';

/** The embedded profile, on a data folder of its own. */
export class OneProcess implements TestServer, AsyncDisposable {
  readonly #dataDir: string;
  #settings: Settings = {};
  #process: ServerProcess;

  private constructor(dataDir: string, process: ServerProcess) {
    this.#dataDir = dataDir;
    this.#process = process;
  }

  static async start(): Promise<OneProcess> {
    const dataDir = mkdtempSync(join(tmpdir(), 'tidings-e2e-'));
    return new OneProcess(dataDir, await ServerProcess.start(dataDir));
  }

  get url(): string {
    return this.#process.url;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    await this.#process.kill(signal);
  }

  async startAgain(settings: Settings = {}): Promise<void> {
    this.#settings = { ...this.#settings, ...settings };
    const { port: PORT } = new URL(this.url);
    this.#process = await ServerProcess.start(this.#dataDir, { ...this.#settings, PORT });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.kill('SIGTERM');
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
