import type { Clock, Random } from '@tidings/api/clock';
import { type CloseReason, type ErrorCode, isErrorCode, TidingsError } from '@tidings/api/errors';
import type { EventBatch } from '@tidings/api/events';
import { maxBackoffMs } from './backoff.ts';
import type { Line, Transport } from './transport.ts';

/** Full jitter between nothing and 300 ms · 2ⁿ, at most 5 s: a restarted server meets its clients spread out. */
const backoffBaseMs = 300;
/** A line that lived so long worked: the next failure begins at the shortest wait again. */
const provenMs = 10_000;

export type LineState =
  | { readonly type: 'offline' }
  | { readonly type: 'connecting'; readonly attempt: number }
  | { readonly type: 'open'; readonly line: Line }
  | { readonly type: 'ended'; readonly code: ErrorCode };

export interface ConnectionListener {
  /** A line is there; its events follow. */
  opened(line: Line): void;
  batch(events: EventBatch): void;
  /** The line is gone. */
  lost(): void;
  /** After each change. */
  changed(state: LineState): void;
}

/** What says no for good: nothing is tried again until the user signs in, or the page is reloaded. */
const final: ReadonlySet<string> = new Set<ErrorCode>(['not-signed-in', 'session-ended', 'outdated-client']);

/** Keeps one line open as long as it runs: decides when to connect, when to give a line up and how long to wait. */
export class Connection {
  readonly #parts: {
    transport: Transport;
    clock: Clock;
    random: Random;
    isOnline: () => boolean;
    listener: ConnectionListener;
  };
  #state: LineState = { type: 'connecting', attempt: 0 };
  /** Grows with each attempt: what an old one still says is nobody's. */
  #attempt = 0;
  #failures = 0;
  #cancelWait: () => void = () => {};
  #cancelProven: () => void = () => {};
  #waiting = false;
  #stopped = false;
  /** Those who would rather wait for the attempt that is being made than fail. */
  #hoping: ((line: Line | null) => void)[] = [];

  constructor(parts: {
    transport: Transport;
    clock: Clock;
    random: Random;
    isOnline: () => boolean;
    listener: ConnectionListener;
  }) {
    this.#parts = parts;
  }

  get state(): LineState {
    return this.#state;
  }

  get line(): Line | null {
    return this.#state.type === 'open' ? this.#state.line : null;
  }

  start(): void {
    void this.#connect();
  }

  /** The open line, or the one that is just being opened; `null` when there is none. */
  currentLine(): Promise<Line | null> {
    const trying = this.#state.type !== 'open' && this.#state.type !== 'ended' && !this.#waiting;
    if (trying && !this.#stopped) {
      return new Promise((resolve) => this.#hoping.push(resolve));
    }
    return Promise.resolve(this.line);
  }

  /** Something changed (network, focus, a user who asks): try at once, or see whether the line still lives. */
  wake(): void {
    if (this.#stopped || this.#state.type === 'ended') return;
    if (this.#state.type === 'open') this.#state.line.check();
    else if (this.#waiting) {
      this.#failures = 0;
      void this.#connect();
    }
  }

  /** No line any more, and none to be tried: the server's word about this session, or the engine's. */
  end(code: ErrorCode): void {
    const { line } = this;
    this.#attempt += 1;
    this.#cancelWait();
    this.#cancelProven();
    if (line) this.#parts.listener.lost();
    line?.close();
    this.#end(code);
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancelWait();
    this.#cancelProven();
    this.#attempt += 1;
    this.line?.close();
    this.#settleHopes(null);
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#cancelWait();
    this.#waiting = false;
    // A device that says it is offline may be wrong about a server nearby: it is tried, but nobody is told.
    if (this.#parts.isOnline()) this.#change({ type: 'connecting', attempt: this.#failures });
    const call = new LineCall(attempt, this);
    try {
      const line = await this.#parts.transport.connect(call);
      if (attempt !== this.#attempt) return line.close();
      this.#open(line, call);
    } catch (error) {
      if (attempt === this.#attempt) this.#failed(error);
    }
  }

  #open(line: Line, call: LineCall): void {
    if (call.closedBeforeOpen) {
      this.#gone(call.closedBeforeOpen.reason);
      return;
    }
    this.#cancelProven = this.#parts.clock.after(provenMs, () => {
      this.#failures = 0;
    });
    this.#parts.listener.opened(line);
    this.#change({ type: 'open', line });
    this.#settleHopes(line);
    call.release();
  }

  #failed(error: unknown): void {
    const known =
      error instanceof TidingsError ? error : new TidingsError('unavailable', undefined, { cause: error });
    if (final.has(known.code)) {
      this.#end(known.code);
      return;
    }
    this.#failures += 1;
    this.#waitThenConnect(known.retryAfterMs ?? 0);
  }

  /** Called by the line of an attempt. */
  heard(attempt: number, events: EventBatch): void {
    if (attempt !== this.#attempt || this.#state.type !== 'open') return;
    this.#parts.listener.batch(events);
    const bye = events.find((event) => event.type === 'bye');
    if (bye && this.#state.type === 'open') {
      const { line } = this.#state;
      this.#gone(isErrorCode(bye.reason) ? bye.reason : null);
      line.close();
    }
  }

  /** Called by the line of an attempt. */
  closed(attempt: number, reason: CloseReason | null): void {
    if (attempt === this.#attempt && this.#state.type === 'open') this.#gone(reason);
  }

  #gone(reason: ErrorCode | null): void {
    // From here on the line is another's: nothing that it still says counts.
    this.#attempt += 1;
    this.#cancelProven();
    if (this.#state.type === 'open') this.#parts.listener.lost();
    if (reason && final.has(reason)) {
      this.#end(reason);
      return;
    }
    if (reason === 'too-many-requests') this.#failures = Math.max(this.#failures, 6);
    this.#failures += 1;
    this.#waitThenConnect(0);
  }

  #waitThenConnect(atLeastMs: number): void {
    const most = Math.min(maxBackoffMs, backoffBaseMs * 2 ** (this.#failures - 1));
    this.#waiting = true;
    this.#change(
      this.#parts.isOnline() ? { type: 'connecting', attempt: this.#failures } : { type: 'offline' },
    );
    this.#settleHopes(null);
    this.#cancelWait = this.#parts.clock.after(
      atLeastMs + this.#parts.random() * most,
      () => void this.#connect(),
    );
  }

  #end(code: ErrorCode): void {
    this.#change({ type: 'ended', code });
    this.#settleHopes(null);
  }

  #change(state: LineState): void {
    this.#state = state;
    this.#parts.listener.changed(state);
  }

  #settleHopes(line: Line | null): void {
    for (const resolve of this.#hoping.splice(0)) resolve(line);
  }
}

/** What one attempt's line says. The first batches come before whoever asked for the line has it. */
class LineCall {
  readonly attempt: number;
  readonly #connection: Connection;
  #early: EventBatch[] | null = [];
  closedBeforeOpen: { readonly reason: CloseReason | null } | null = null;

  constructor(attempt: number, connection: Connection) {
    this.attempt = attempt;
    this.#connection = connection;
  }

  batch(events: EventBatch): void {
    if (this.#early) this.#early.push(events);
    else this.#connection.heard(this.attempt, events);
  }

  closed(reason: CloseReason | null): void {
    if (this.#early) this.closedBeforeOpen = { reason };
    else this.#connection.closed(this.attempt, reason);
  }

  release(): void {
    const early = this.#early ?? [];
    this.#early = null;
    for (const events of early) this.#connection.heard(this.attempt, events);
  }
}
