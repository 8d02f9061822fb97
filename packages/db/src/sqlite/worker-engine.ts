import { Worker } from 'node:worker_threads';
import { TidingsError } from '@tidings/api/errors';
import type { Answer } from './core.ts';
import type { Engine } from './engine.ts';
import type { FileOptions } from './open.ts';
import { decodeAnswers, encodeRequests, type Request } from './protocol.ts';

export type WorkerOptions = FileOptions & {
  /** The thread died; its calls were rejected, and another is being started. */
  readonly onTrouble?: (error: Error) => void;
};

type Settle = (answer: Answer) => void;
type State =
  | { readonly type: 'running'; readonly worker: Worker }
  | { readonly type: 'restarting'; readonly timer: NodeJS.Timeout }
  | { readonly type: 'stopping'; readonly done: Promise<void> };

const restartMs = { first: 100, most: 5_000 } as const;
/** More than this many calls unanswered: the disk can't keep up, so refuse rather than grow. */
const maxWaiting = 100_000;

/** Opens the file in a thread of its own, so that a slow disk never holds up the event loop. Rejects when it can't be opened. */
export async function openWorkerEngine(path: string, options: WorkerOptions = {}): Promise<Engine> {
  const engine = new WorkerEngine(path, options);
  await engine.start();
  return engine;
}

class WorkerEngine implements Engine {
  readonly #path: string;
  readonly #options: WorkerOptions;
  readonly #waiting = new Map<number, Settle>();
  #outgoing: Request[] = [];
  #lastId = 0;
  #failures = 0;
  #state: State | null = null;

  constructor(path: string, options: WorkerOptions) {
    this.#path = path;
    this.#options = options;
  }

  read: Engine['read'] = (operation, ...parameters) => this.#ask('read', operation, parameters);
  write: Engine['write'] = (operation, ...parameters) => this.#ask('write', operation, parameters);

  async start(): Promise<void> {
    const { maxBytes } = this.#options;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { path: this.#path, options: maxBytes === undefined ? {} : { maxBytes } },
      name: 'tidings-store',
    });
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
    });
    this.#failures = 0;
    this.#state = { type: 'running', worker };
    worker.on('message', (answers: string) => this.#settle(answers));
    worker.once('error', (error) => this.#lost(error));
    worker.once('exit', (code) => this.#lost(new Error(`the store's thread ended with ${code}`)));
  }

  async stop(): Promise<void> {
    if (this.#state?.type === 'stopping') return this.#state.done;
    const done = this.#close();
    this.#state = { type: 'stopping', done };
    return done;
  }

  async #close(): Promise<void> {
    if (this.#state?.type === 'restarting') clearTimeout(this.#state.timer);
    if (this.#state?.type !== 'running') return;
    const { worker } = this.#state;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    this.#flush(worker);
    worker.postMessage(null);
    await ended;
  }

  #ask(type: Request['type'], operation: string, parameters: readonly unknown[]): Promise<never> {
    if (this.#state?.type !== 'running')
      return Promise.reject(new TidingsError('unavailable', 'the store is closed'));
    if (this.#waiting.size >= maxWaiting)
      return Promise.reject(new TidingsError('unavailable', 'the disk can’t keep up'));
    const { worker } = this.#state;
    if (this.#outgoing.length === 0) setImmediate(() => this.#flush(worker));
    const id = ++this.#lastId;
    this.#outgoing.push({ id, type, operation, parameters });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (answer) =>
        'error' in answer ? reject(answer.error) : resolve(answer.value as never),
      );
    });
  }

  #flush(worker: Worker): void {
    if (this.#outgoing.length === 0) return;
    const requests = this.#outgoing;
    this.#outgoing = [];
    worker.postMessage(encodeRequests(requests));
  }

  #settle(answers: string): void {
    for (const { id, answer } of decodeAnswers(answers)) {
      const settle = this.#waiting.get(id);
      this.#waiting.delete(id);
      settle?.(answer);
    }
  }

  /** Whether the calls under way were done is unknown: they are rejected, and whoever asked looks. */
  #lost(error: Error): void {
    const answer = { error: new TidingsError('unavailable', 'the store’s thread ended', { cause: error }) };
    this.#outgoing = [];
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const settle of waiting) settle(answer);
    if (this.#state?.type !== 'running') return;
    this.#options.onTrouble?.(error);
    this.#restart();
  }

  #restart(): void {
    const delayMs = Math.min(restartMs.first * 2 ** this.#failures, restartMs.most);
    this.#failures += 1;
    const timer = setTimeout(() => {
      this.start().catch((error: Error) => {
        this.#options.onTrouble?.(error);
        if (this.#state?.type === 'restarting') this.#restart();
      });
    }, delayMs);
    this.#state = { type: 'restarting', timer };
  }
}
