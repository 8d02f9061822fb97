import { type Clock, wait } from '@tidings/api/clock';

/** Resolves when the engine answers. */
export type Ping = () => Promise<unknown>;
export type ReadyState = {
  readonly status: 'ready' | 'draining' | 'waiting';
  /** Whether each of the engines that the process needs answers. */
  readonly engines: Readonly<Record<string, 'up' | 'down'>>;
};

/** Who doesn't answer within this counts as down. */
const answerMs = 2_000;
/** However often one asks, engines are asked this often. */
const keepMs = 1_000;

/** Whether a process takes work: it isn't draining, and every engine that it can't do without answers. */
export class Readiness {
  readonly #clock: Clock;
  readonly #needs: readonly (readonly [string, Ping])[];
  #asked: { readonly at: number; readonly engines: Promise<ReadyState['engines']> } | null = null;
  #draining = false;

  constructor(clock: Clock, needs: Readonly<Record<string, Ping>> = {}) {
    this.#clock = clock;
    this.#needs = Object.entries(needs);
  }

  /** From now on it takes none. */
  drain(): void {
    this.#draining = true;
  }

  async state(): Promise<ReadyState> {
    const engines = await this.#engines();
    if (this.#draining) return { status: 'draining', engines };
    return { status: Object.values(engines).includes('down') ? 'waiting' : 'ready', engines };
  }

  #engines(): Promise<ReadyState['engines']> {
    const now = this.#clock.now();
    if (!this.#asked || now - this.#asked.at >= keepMs) this.#asked = { at: now, engines: this.#ask() };
    return this.#asked.engines;
  }

  async #ask(): Promise<ReadyState['engines']> {
    const answers = this.#needs.map(async ([engine, ping]) => {
      const answered = ping().then(
        () => 'up' as const,
        () => 'down' as const,
      );
      const late = wait(this.#clock, answerMs).then(() => 'down' as const);
      return [engine, await Promise.race([answered, late])] as const;
    });
    return Object.fromEntries(await Promise.all(answers));
  }
}
