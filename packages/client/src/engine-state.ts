import type { Clock } from '@tidings/api/clock';
import { limits } from '@tidings/api/protocol';
import type { LineState } from './connection.ts';
import type { ConnectionState, EngineState } from './engine-port.ts';

type Shown = Omit<EngineState, 'connection'>;

/** What the engine says of itself, and who wants to hear it. */
export class StateBoard {
  readonly #clock: Clock;
  readonly #isOnline: () => boolean;
  readonly #listeners = new Set<(state: EngineState) => void>();
  #line: LineState = { type: 'connecting', attempt: 0 };
  #live = false;
  #doubted = false;
  #state: EngineState = {
    connection: { type: 'connecting', attempt: 0 },
    presence: new Map(),
    typing: new Map(),
    trouble: null,
  };

  constructor(parts: { clock: Clock; isOnline: () => boolean }) {
    this.#clock = parts.clock;
    this.#isOnline = parts.isOnline;
  }

  observe(listener: (state: EngineState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  show(change: Partial<Shown>): void {
    this.#set({ ...this.#state, ...change });
  }

  lineIs(line: LineState): void {
    this.#line = line;
    if (line.type !== 'open') this.#live = false;
    this.#showConnection();
  }

  /** Everything up to now is local. */
  liveNow(): void {
    this.#live = true;
    this.#showConnection();
  }

  /** A device that says it has no network is believed until its line has had time to answer. */
  doubt(): void {
    if (this.#isOnline() || this.#doubted || this.#line.type !== 'open') return;
    this.#doubted = true;
    this.#showConnection();
    this.#clock.after(limits.pongMs + 1_000, () => {
      this.#doubted = false;
      this.#showConnection();
    });
  }

  close(): void {
    this.#listeners.clear();
  }

  #showConnection(): void {
    const connection = this.#shown();
    if (!isSame(connection, this.#state.connection)) this.#set({ ...this.#state, connection });
  }

  #shown(): ConnectionState {
    if (this.#line.type !== 'open') return this.#line;
    if (this.#doubted) return { type: 'offline' };
    return this.#live ? { type: 'live' } : { type: 'syncing' };
  }

  #set(state: EngineState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }
}

const isSame = (a: ConnectionState, b: ConnectionState): boolean => JSON.stringify(a) === JSON.stringify(b);
