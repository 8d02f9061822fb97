import type { Duplex } from 'node:stream';
import { type CloseReason, closeCodes } from '@tidings/api/errors';
import type { EventBatch, ServerEvent } from '@tidings/api/events';
import type { Caller } from '@tidings/api/trpc';
import type { SessionRecord } from '@tidings/db/directory/port';
import type { WebSocket } from 'ws';
import type { OpenLine, StreamSocket } from '../services/websocket-handler.ts';
import { type Opening, openingBatch } from './encoder.ts';
import { type Flushable, type Flusher, FrameCache } from './flusher.ts';

/** What may wait in a socket's buffer for a slow reader before it is told to come again (SYNC9). */
const maxBuffered = 4 * 1024 * 1024;

export type SocketConnectionParts = {
  readonly ws: WebSocket;
  /** What `ws` writes to. */
  readonly socket: Duplex;
  readonly session: SessionRecord;
  readonly flusher: Flusher;
  readonly now: number;
};

type Listener = (...values: never[]) => void;

/**
 * One device's socket. To tRPC it looks like the `ws` socket that it serves; to the handler it is a line. Everything it sends
 * waits for the end of the tick and goes out in one write: answers as tRPC made them, then the events in one frame.
 *
 * There are many of these and most are idle, so an idle one keeps as little as possible: no timer, no list, no request.
 */
export class SocketConnection implements StreamSocket, OpenLine, Opening, Flushable {
  readonly ws: WebSocket;
  readonly session: SessionRecord;
  readonly #socket: Duplex;
  readonly #flusher: Flusher;
  /** When something was last heard from the other side. */
  heardAt: number;
  /** Calls since the last round of the {@link SocketServer}. */
  calls = 0;

  #caller: Caller | null = null;
  #onMessage: Listener = nothing;
  #onClose: Listener = nothing;
  #lineClosed: (() => void) | null = null;
  #wireId: string | null = null;
  #answers: string[] | null = null;
  #events: string[] | null = null;
  #waiting = false;
  #over = false;

  constructor(parts: SocketConnectionParts) {
    this.ws = parts.ws;
    this.session = parts.session;
    this.#socket = parts.socket;
    this.#flusher = parts.flusher;
    this.heardAt = parts.now;
  }

  // To tRPC: the socket that it serves.

  get readyState(): number {
    return this.ws.readyState;
  }

  on(event: string, listener: Listener): this {
    if (event === 'message') this.#onMessage = listener;
    return this;
  }

  once(event: string, listener: Listener): this {
    if (event === 'close') this.#onClose = listener;
    return this;
  }

  send(data: string): void {
    if (this.#answers === null) this.#answers = [data];
    else this.#answers.push(data);
    this.#wait();
  }

  /** tRPC closes when it was refused a context; whoever refused it has said why by then. */
  close(): void {
    this.refuse('not-signed-in');
  }

  // From the socket.

  /** Binary or not makes no difference: our encoder takes bytes, and so tRPC decodes them once only. */
  received(data: Buffer): void {
    if (data.length === 4 && data.toString('latin1') === 'PING') this.send('PONG');
    else (this.#onMessage as (data: Buffer, isBinary: boolean) => void)(data, true);
  }

  closed(): void {
    this.#finish();
    (this.#onClose as () => void)();
  }

  // To the handler: a line.

  get caller(): Caller {
    return this.#caller as Caller;
  }

  get over(): boolean {
    return this.#over || this.ws.readyState !== isOpen;
  }

  openLine(caller: Caller, closed: () => void): OpenLine {
    this.#caller = caller;
    this.#lineClosed = closed;
    return this;
  }

  greet(hello: ServerEvent): EventBatch {
    return openingBatch([hello], this);
  }

  opened(wireId: string): void {
    this.#wireId = wireId;
    if (this.#events !== null) this.#wait();
  }

  push(events: readonly string[]): void {
    if (this.#over) return;
    if (this.#events === null) this.#events = [...events];
    else this.#events.push(...events);
    if (this.#wireId !== null) this.#wait();
  }

  /** Never: events don't come this way. tRPC stops waiting when the socket closes or the client stops the stream. */
  next(): Promise<IteratorResult<EventBatch>> {
    return new Promise(nothing);
  }

  leave(): void {
    this.#wireId = null;
    this.#events = null;
    this.#closeLine();
  }

  end(reason: CloseReason): void {
    this.refuse(reason);
  }

  /** Says `bye` where there is a stream, and closes with the reason's code. Nothing goes out afterwards. */
  refuse(reason: CloseReason): void {
    if (this.#over) return;
    if (this.#wireId !== null) this.push([JSON.stringify({ type: 'bye', reason } satisfies ServerEvent)]);
    if (reason !== 'resume') this.#write(new FrameCache());
    this.#finish();
    this.ws.close(closeCodes[reason], reason);
  }

  #wait(): void {
    if (this.#waiting || this.#over) return;
    this.#waiting = true;
    this.#flusher.add(this);
  }

  flush(frames: FrameCache): void {
    this.#waiting = false;
    if (this.over) return;
    this.#write(frames);
    if (this.ws.bufferedAmount > maxBuffered) this.refuse('resume');
  }

  /** What gathered, in one write: corked, since `ws` writes each frame by itself. */
  #write(frames: FrameCache): void {
    const answers = this.#answers;
    const events = this.#wireId === null ? null : this.#events;
    this.#answers = null;
    if (this.ws.readyState !== isOpen) return;
    this.#socket.cork();
    if (answers !== null) for (const answer of answers) this.ws.send(answer);
    if (events !== null) {
      this.#events = null;
      this.ws.send(frames.of(this.#wireId as string, events), text);
    }
    this.#socket.uncork();
  }

  #finish(): void {
    this.#over = true;
    this.#answers = null;
    this.leave();
  }

  #closeLine(): void {
    const closed = this.#lineClosed;
    this.#lineClosed = null;
    closed?.();
  }
}

const isOpen = 1;
const text = { binary: false };
const nothing = () => {};
