import type { EventBatch, ServerEvent } from '@tidings/api/events';
import type { Caller } from '@tidings/api/trpc';
import type { Line } from './lines.ts';

/**
 * A connection that has its own way to the wire: see `socket/`. For any other (a test, a simulation) the batches are what the
 * stream yields.
 */
export interface StreamSocket {
  /** The line of the one stream that it may have; `closed` is called once, when it is over. */
  openLine(caller: Caller, closed: () => void): OpenLine;
}

/** A line, and what the stream yields: first the greeting, then whatever the line doesn't write by itself. */
export interface OpenLine extends Line {
  /** It ended, or its reader has gone. */
  readonly over: boolean;
  greet(hello: ServerEvent): EventBatch;
  next(): Promise<IteratorResult<EventBatch>>;
  /** The reader has gone. */
  leave(): void;
}

/** One reading of a stream. Not a generator: one of those couldn't be left while it waits. */
export class Stream implements AsyncIterableIterator<EventBatch> {
  readonly #line: OpenLine;
  #attach: (() => Promise<EventBatch>) | null;

  constructor(line: OpenLine, attach: () => Promise<EventBatch>) {
    this.#line = line;
    this.#attach = attach;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<EventBatch>> {
    const attach = this.#attach;
    if (!attach) return this.#line.next();
    this.#attach = null;
    return { done: false, value: await attach() };
  }

  async return(): Promise<IteratorResult<EventBatch>> {
    this.#line.leave();
    return { done: true, value: undefined };
  }
}

export const isStreamSocket = (connection: object | undefined): connection is StreamSocket =>
  connection !== undefined && 'openLine' in connection;
