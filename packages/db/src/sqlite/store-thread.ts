import { Worker } from 'node:worker_threads';
import { TidingsError } from '@tidings/api/errors';
import type { Answer } from './core.ts';
import type { FileOptions } from './open.ts';
import { decodeAnswers, encodeRequests, type Request } from './protocol.ts';

/** More than this many calls unanswered: the disk can't keep up, so refuse rather than grow. */
const maxWaiting = 100_000;

/**
 * Writes are sent at most this often. A write that comes alone goes at once; under load a commit serves whatever came in this
 * time, which saves most of what commits and changes of threads cost (at 1,000 messages a second, more than half of the CPU).
 */
const gatherMs = 1;

type Settle = (answer: Answer) => void;

/** One life of the thread that has the file (`worker.ts`), seen from the event loop. */
export class StoreThread {
  /** Resolves when the thread ended, however it did; all calls are settled then. */
  readonly ended: Promise<Error>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Settle>();
  #reads: Request[] = [];
  #writes: Request[] = [];
  #wroteAt = 0;
  #lastId = 0;

  /** Rejects with the reason when the file can't be opened. */
  static async open(path: string, options: FileOptions): Promise<StoreThread> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: { path, options },
      name: 'tidings-store',
    });
    await new Promise<void>((resolve, reject) => {
      // Not only the first message: under `node --watch` Node itself tells of modules this way.
      worker.on('message', (message: unknown) => {
        if (message === 'ready') resolve();
      });
      worker.once('error', reject);
    });
    return new StoreThread(worker);
  }

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.removeAllListeners('message');
    worker.on('message', (answers: unknown) => {
      if (typeof answers === 'string') this.#settle(answers);
    });
    this.ended = new Promise((resolve) => {
      worker.once('error', resolve);
      worker.once('exit', (code) => resolve(new Error(`the store’s thread ended with code ${code}`)));
    });
    void this.ended.then((cause) => this.#rejectAll(cause));
  }

  /** Reads of a tick travel together; so do writes, of more than a tick when there are many: see {@link gatherMs}. */
  ask(type: Request['type'], operation: string, parameters: readonly unknown[]): Promise<unknown> {
    if (this.#waiting.size >= maxWaiting)
      return Promise.reject(new TidingsError('unavailable', 'the disk can’t keep up'));
    const request: Request = { id: ++this.#lastId, type, operation, parameters };
    if (type === 'read') this.#sendSoon(request);
    else this.#gather(request);
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, (answer) =>
        'error' in answer ? reject(answer.error) : resolve(answer.value),
      );
    });
  }

  /** Ends when everything that was asked for is answered. */
  async close(): Promise<void> {
    this.#sendReads();
    this.#sendWrites();
    this.#worker.postMessage(null);
    await this.ended;
  }

  /** As a crash would end it. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  #sendSoon(read: Request): void {
    if (this.#reads.push(read) === 1) setImmediate(() => this.#sendReads());
  }

  #gather(write: Request): void {
    if (this.#writes.push(write) > 1) return;
    const pauseMs = this.#wroteAt + gatherMs - performance.now();
    if (pauseMs < 0.5) setImmediate(() => this.#sendWrites());
    else setTimeout(() => this.#sendWrites(), pauseMs);
  }

  #sendReads(): void {
    this.#send(this.#reads);
    this.#reads = [];
  }

  #sendWrites(): void {
    this.#send(this.#writes);
    this.#writes = [];
    this.#wroteAt = performance.now();
  }

  #send(requests: readonly Request[]): void {
    if (requests.length > 0) this.#worker.postMessage(encodeRequests(requests));
  }

  #settle(answers: string): void {
    for (const { id, answer } of decodeAnswers(answers)) {
      const settle = this.#waiting.get(id);
      this.#waiting.delete(id);
      settle?.(answer);
    }
  }

  /** Whether the calls under way were done is unknown; whoever asked looks. */
  #rejectAll(cause: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#reads = [];
    this.#writes = [];
    for (const settle of waiting)
      settle({ error: new TidingsError('unavailable', 'the store’s thread ended', { cause }) });
  }
}
