import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ProcessName } from '../settings.ts';

type Name = Exclude<ProcessName, 'embedded'>;
type LogLine = { readonly level: number; readonly msg: string; readonly [field: string]: unknown };

const files: Readonly<Record<Name, string>> = {
  handler: 'processes/handler.ts',
  'group-handler': 'processes/group-handler.ts',
  web: 'processes/web.ts',
  migrate: 'migrate.ts',
};

/** They end with whoever started them, also when that one ends in the middle of things. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A real process of the cluster, its words and its numbers. */
export class ClusterProcess implements AsyncDisposable {
  readonly name: Name;
  readonly #child: ChildProcess;
  #out = '';
  #err = '';
  #heard = () => {};

  private constructor(name: Name, env: Readonly<Record<string, string>>) {
    this.name = name;
    this.#child = spawn(process.execPath, [join(import.meta.dirname, '..', files[name])], {
      // Nothing of whoever runs the tests, whose settings may be others.
      env: { NODE_ENV: 'production', PORT: '0', LOG_LEVEL: 'info', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk) => {
      this.#out += chunk;
      this.#heard();
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.#err += chunk;
    });
    running.add(this.#child);
    this.#child.once('close', () => {
      running.delete(this.#child);
      this.#heard();
    });
  }

  /** Takes requests. Rejects with its own words when it ended instead. */
  static async start(
    name: Exclude<Name, 'migrate'>,
    env: Readonly<Record<string, string>>,
  ): Promise<ClusterProcess> {
    const started = new ClusterProcess(name, env);
    await started.#until(() => /is ready: http/.test(started.#out));
    return started;
  }

  /** Runs it to its end; answers its words. Rejects with them when it failed. */
  static async run(name: 'migrate', env: Readonly<Record<string, string>>): Promise<string> {
    const run = new ClusterProcess(name, env);
    if ((await run.over()) !== 0) throw new Error(run.#err);
    return run.#out;
  }

  get url(): string {
    const url = /is ready: (http:\S+)/.exec(this.#out)?.[1] ?? '';
    return url.replace('localhost', '127.0.0.1');
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** How it ended, and what it said on standard error, where nothing belongs but the reason of a sudden end. */
  get ending(): string {
    return `${this.#child.signalCode ?? `exit code ${this.#child.exitCode}`} ${this.#err}`.trim();
  }

  /** What it logged so far. */
  log(): readonly LogLine[] {
    const lines = this.#out.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
    return lines.map((line) => JSON.parse(line) as LogLine);
  }

  /** The sum of a metric over its labels, or over those whose text holds `label`. */
  async metric(name: string, label = ''): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    let sum = 0;
    for (const [, labels = '', value] of text.matchAll(new RegExp(`^${name}(\\{.*\\})? (\\S+)$`, 'gm')))
      if (labels.includes(label)) sum += Number(value);
    return sum;
  }

  /** The exit code; null when a signal ended it. */
  async over(): Promise<number | null> {
    if (this.isRunning) await once(this.#child, 'close');
    return this.#child.exitCode;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (!this.isRunning) return;
    const ended = once(this.#child, 'close');
    this.#child.kill(signal);
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL');
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (!this.isRunning) throw new Error(`the ${this.name} ended: ${this.#err}${this.#out}`);
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}
