import { setTimeout } from 'node:timers/promises';
import { TidingsError } from '@tidings/api/errors';
import type { Engine } from './engine.ts';
import type { FileOptions } from './open.ts';
import { StoreThread } from './store-thread.ts';

export type WorkerOptions = FileOptions & {
  /** The thread died or couldn't be started again: what was under way was rejected, and a new thread is tried. */
  readonly onTrouble?: (cause: Error) => void;
};

const restartMs = { first: 100, most: 5_000 } as const;

/** Opens the file in a thread of its own, so that a slow disk never holds up the event loop. Rejects when it can't be opened. */
export async function openWorkerEngine(path: string, options: WorkerOptions = {}): Promise<WorkerEngine> {
  const { onTrouble = () => {}, ...fileOptions } = options;
  const open = () => StoreThread.open(path, fileOptions);
  return new WorkerEngine(await open(), open, onTrouble);
}

/** Keeps a thread running. While there is none, calls reject. */
export class WorkerEngine implements Engine {
  #thread: StoreThread | null;
  readonly #open: () => Promise<StoreThread>;
  readonly #onTrouble: (cause: Error) => void;
  readonly #stopping = new AbortController();
  readonly #supervision: Promise<void>;

  constructor(thread: StoreThread, open: () => Promise<StoreThread>, onTrouble: (cause: Error) => void) {
    this.#thread = thread;
    this.#open = open;
    this.#onTrouble = onTrouble;
    this.#supervision = this.#supervise();
  }

  read: Engine['read'] = (operation, ...parameters) => this.#ask('read', operation, parameters);
  write: Engine['write'] = (operation, ...parameters) => this.#ask('write', operation, parameters);

  async stop(): Promise<void> {
    if (!this.#stopping.signal.aborted) {
      this.#stopping.abort();
      await this.#thread?.close();
    }
    await this.#supervision;
  }

  /** Ends the thread in the middle of whatever it does: a test's crash. */
  async kill(): Promise<void> {
    await this.#thread?.kill();
  }

  #ask(type: 'read' | 'write', operation: string, parameters: readonly unknown[]): Promise<never> {
    if (!this.#thread || this.#stopping.signal.aborted)
      return Promise.reject(new TidingsError('unavailable', 'the store is closed'));
    return this.#thread.ask(type, operation, parameters) as Promise<never>;
  }

  async #supervise(): Promise<void> {
    while (this.#thread) {
      const cause = await this.#thread.ended;
      this.#thread = null;
      if (this.#stopping.signal.aborted) return;
      this.#onTrouble(cause);
      this.#thread = await this.#openAgain();
      if (this.#stopping.signal.aborted) await this.#thread?.close();
    }
  }

  async #openAgain(): Promise<StoreThread | null> {
    const { signal } = this.#stopping;
    for (let delayMs: number = restartMs.first; ; delayMs = Math.min(2 * delayMs, restartMs.most)) {
      await setTimeout(delayMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return null;
      try {
        return await this.#open();
      } catch (error) {
        this.#onTrouble(error as Error);
      }
    }
  }
}
