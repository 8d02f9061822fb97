import type { Engine, EngineState } from '@tidings/client/engine-port';
import type { Api } from '@tidings/client/transport';

/** An engine that writes down what it is asked, answers what a test tells it to, and can be told to be in some state. */
export class FakeEngine {
  readonly asked: unknown[][] = [];
  readonly answers = new Map<string, () => Promise<unknown>>();
  readonly #listeners = new Set<(state: EngineState) => void>();
  stopped = false;
  state: EngineState = {
    connection: { type: 'live' },
    presence: new Map(),
    typing: new Map(),
    trouble: null,
  };

  /** Everything that {@link Engine} has; each method lands in `asked`. */
  asEngine(self: Engine['self']): Engine {
    const observe = (listener: (state: EngineState) => void) => {
      this.#listeners.add(listener);
      listener(this.state);
      return () => this.#listeners.delete(listener);
    };
    const stop = async () => {
      this.stopped = true;
    };
    return new Proxy({ self, observe, stop, api: this.#api([]) } as unknown as Engine, {
      get: (known, name) =>
        name in known || name === 'then' ? Reflect.get(known, name) : this.#method(String(name)),
    });
  }

  become(state: Partial<EngineState>): void {
    this.state = { ...this.state, ...state };
    for (const listener of this.#listeners) listener(this.state);
  }

  timesAsked(name: string): number {
    return this.asked.filter(([method]) => method === name).length;
  }

  #method(name: string) {
    return (...args: unknown[]) => {
      this.asked.push([name, ...args]);
      return this.answers.get(name)?.() ?? Promise.resolve(undefined);
    };
  }

  #api(path: readonly string[]): Api {
    return new Proxy(() => {}, {
      get: (_, name) => this.#api([...path, String(name)]),
      apply: (_, __, args) => this.#method(path.join('.'))(...args),
    }) as unknown as Api;
  }
}
