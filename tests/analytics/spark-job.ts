import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';

const script = join(import.meta.dirname, '../../infra/native/analytics.sh');

export type Row = Readonly<Record<string, unknown>>;
type Kind = 'events' | 'corrupt' | 'minutes';

/** How the job is started here, built where it isn't yet; or why it can't be. */
export async function findJob(): Promise<{ command: readonly string[] } | { whyNot: string }> {
  const env = { ...process.env, JIT_TIER: '1', NODE_BINARY: process.execPath };
  return new Promise((resolve) =>
    execFile(script, ['command'], { env }, (error, out, errors) =>
      resolve(error ? { whyNot: errors.trim() } : { command: out.trim().split('\n') }),
    ),
  );
}

/** The job on one topic and one folder, as processes that can be killed; their words are kept for when something is wrong. */
export class SparkJob {
  words = '';
  readonly #command: readonly string[];
  readonly #options: readonly string[];
  readonly #folder: string;
  #running: ChildProcess | null = null;

  constructor(command: readonly string[], folder: string, kafka: { brokers: string; topic: string }) {
    this.#command = command;
    this.#folder = folder;
    this.#options = ['--output', `file://${folder}`, '--brokers', kafka.brokers, '--topic', kafka.topic];
  }

  start(...options: readonly string[]): void {
    this.#running = this.#spawn('run', options);
  }

  /** `kill -9`. False when it had ended by itself, which it never should. */
  async kill(): Promise<boolean> {
    const running = this.#running;
    this.#running = null;
    if (running === null || running.exitCode !== null) return false;
    const ended = once(running, 'close');
    running.kill('SIGKILL');
    await ended;
    return true;
  }

  /** Runs it to its end; answers its exit code. */
  async once(command: 'compact' | 'verify'): Promise<number> {
    const [code] = await once(this.#spawn(command, []), 'close');
    return code;
  }

  files(kind: Kind): Promise<readonly string[]> {
    return parquetIn(join(this.#folder, kind));
  }

  async rows(kind: Kind): Promise<Row[]> {
    const files = await this.files(kind);
    const parts = await Promise.all(
      files.map(async (file) => parquetReadObjects({ file: await asyncBufferFromFile(file) })),
    );
    return parts.flat();
  }

  #spawn(command: string, options: readonly string[]): ChildProcess {
    const [java = '', ...words] = this.#command;
    const child = spawn(java, [...words, command, ...this.#options, ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.words += text;
      });
    return child;
  }
}

/** By listing alone, as other programs read it: a name with `.` or `_` in front isn't there. */
async function parquetIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith('.parquet') && !/(^|\/)[._]/.test(name))
    .map((name) => join(folder, name));
}
