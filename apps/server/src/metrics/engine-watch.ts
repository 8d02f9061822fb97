import type { Clock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { MessageStore } from '@tidings/db/message-store/port';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Logger } from '../services/parts.ts';

/** An engine that failed counts as well again when it answers and hasn't failed for this long: no flapping in the log. */
const calmMs = 1_000;

export type EngineWatchParts = {
  readonly registry: Registry;
  readonly logger: Logger;
  readonly clock: Clock;
};

type State = { isUp: boolean; failedAt: number };

/**
 * Stands between the services and the adapters: times every call to an engine, counts the failures, and says once in the log that
 * an engine doesn't answer, and once that it does again.
 */
export class EngineWatch {
  readonly #parts: EngineWatchParts;
  readonly #states = new Map<string, State>();
  readonly #seconds: Histogram;
  readonly #errors: Counter;
  readonly #up: Gauge;

  constructor(parts: EngineWatchParts) {
    this.#parts = parts;
    const registers = [parts.registry];
    this.#seconds = new Histogram({
      name: 'tidings_engine_seconds',
      help: 'Time that a call to an engine took, also one that failed.',
      labelNames: ['engine', 'call'],
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    });
    this.#errors = new Counter({
      name: 'tidings_engine_errors_total',
      help: 'Calls that failed for the engine’s sake, by the code of the error table.',
      labelNames: ['engine', 'call', 'code'],
      registers,
    });
    this.#up = new Gauge({
      name: 'tidings_engine_up',
      help: 'Whether the engine answered when it was last asked: 1 or 0.',
      labelNames: ['engine'],
      registers,
    });
  }

  /** The same port, watched. `name` goes before the names of its calls. */
  port<T extends object>(engine: string, name: string, port: T): T {
    const calls = methodsOf(port).map((method) => [
      method,
      (...parameters: unknown[]): unknown => {
        const start = performance.now();
        const answer: unknown = (port as Methods)[method]?.(...parameters);
        if (answer instanceof Promise) this.#await(answer, { engine, call: `${name}.${method}` }, start);
        return answer;
      },
    ]);
    return Object.fromEntries(calls) as T;
  }

  /** What a driver says of itself, behind the backs of whoever calls it. */
  trouble(engine: string, error: unknown): void {
    this.#failed(engine, error);
  }

  #await(answer: Promise<unknown>, labels: { engine: string; call: string }, start: number): void {
    const done = () => this.#seconds.observe(labels, (performance.now() - start) / 1_000);
    answer.then(
      () => {
        done();
        this.#answered(labels.engine);
      },
      (error: unknown) => {
        done();
        const code = error instanceof TidingsError ? error.code : 'internal';
        if (!isEnginesFault(code)) return;
        this.#errors.inc({ ...labels, code });
        if (code === 'unavailable') this.#failed(labels.engine, error);
      },
    );
  }

  #answered(engine: string): void {
    const state = this.#stateOf(engine);
    if (state.isUp || this.#parts.clock.now() - state.failedAt < calmMs) return;
    state.isUp = true;
    this.#up.set({ engine }, 1);
    this.#parts.logger.info({ engine }, 'an engine answers again');
  }

  #failed(engine: string, error: unknown): void {
    const state = this.#stateOf(engine);
    state.failedAt = this.#parts.clock.now();
    if (!state.isUp) return;
    state.isUp = false;
    this.#up.set({ engine }, 0);
    this.#parts.logger.error({ engine, err: error }, 'an engine does not answer');
  }

  #stateOf(engine: string): State {
    const known = this.#states.get(engine);
    if (known) return known;
    const state = { isUp: true, failedAt: 0 };
    this.#states.set(engine, state);
    this.#up.set({ engine }, 1);
    return state;
  }
}

/** What a store refuses for the asker's sake says nothing about the engine. */
const isEnginesFault = (code: string): boolean => ['unavailable', 'storage-full', 'internal'].includes(code);

/** The same store; how many entries each batch has is measured. */
export function measureBatches(messages: MessageStore, registry: Registry): MessageStore {
  const sizes = new Histogram({
    name: 'tidings_append_entries',
    help: 'Entries of one batch that is appended to one conversation.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers: [registry],
  });
  return {
    ...messages,
    append(entries) {
      sizes.observe(entries.length);
      return messages.append(entries);
    },
  };
}

type Methods = Readonly<Record<string, (...parameters: unknown[]) => unknown>>;

function methodsOf(port: object): string[] {
  const names = new Set<string>();
  for (let owner = port; owner !== Object.prototype; owner = Object.getPrototypeOf(owner) as object)
    for (const name of Object.getOwnPropertyNames(owner)) names.add(name);
  names.delete('constructor');
  return [...names].filter((name) => typeof (port as Methods)[name] === 'function');
}
