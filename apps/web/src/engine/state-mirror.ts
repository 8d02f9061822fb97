import type { Engine, EngineState } from '@tidings/client/engine-port';

const nothing: EngineState = {
  connection: { type: 'connecting', attempt: 0 },
  presence: new Map(),
  typing: new Map(),
  trouble: null,
};

/** The engine's newest state, where React can read it at any time. */
export class StateMirror {
  readonly #listeners = new Set<() => void>();
  readonly #end: () => void;
  #state: EngineState = nothing;

  constructor(engine: Engine) {
    this.#end = engine.observe((state) => {
      this.#state = state;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  get = (): EngineState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  close(): void {
    this.#end();
  }
}
