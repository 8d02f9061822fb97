import type { Duplex } from 'node:stream';
import { type CloseReason, closeCodes } from '@tidings/api/errors';
import type { EventBatch, ServerEvent } from '@tidings/api/events';
import type { Caller } from '@tidings/api/trpc';
import type { SessionRecord } from '@tidings/db/directory/port';
import type { WebSocket } from 'ws';
import type { OpenLine, StreamSocket } from '../services/stream.ts';
import { type Flushable, type Flusher, FrameCache } from './flusher.ts';
import type { CallingSocket } from './procedure-calls.ts';
import { textFrame } from './text-frame.ts';

/** What may wait in a socket's buffer for a slow reader before it is told to come again (SYNC9). */
const maxBuffered = 4 * 1024 * 1024;

export type SocketConnectionParts = {
  readonly ws: WebSocket;
  /** What `ws` writes to. */
  readonly socket: Duplex;
  readonly session: SessionRecord;
  /** The name of the request that it began with: see `http/request-id.ts`. */
  readonly requestId?: string | undefined;
  readonly host: SocketHost;
  readonly now: number;
};

/** What the server does for each of its connections. */
export interface SocketHost {
  readonly flusher: Flusher;
  /** A frame came that isn't a heartbeat. */
  take(connection: SocketConnection, data: Buffer): void;
  /** It is closed from here. */
  refused(reason: CloseReason): void;
}

/**
 * One device's socket. To the calls that it makes it is where answers go; to the handler it is a line. Everything it sends waits for
 * the end of the tick and goes out in one write: the answers, then the events in one frame.
 *
 * There are many of these and most are idle, so an idle one keeps as little as possible: no timer, no list, no request, no
 * closure but the stream's.
 */
export class SocketConnection implements StreamSocket, OpenLine, CallingSocket, Flushable {
  readonly ws: WebSocket;
  readonly session: SessionRecord;
  readonly requestId: string | undefined;
  readonly #socket: Duplex;
  readonly #host: SocketHost;
  /** When something was last heard from the other side. */
  heardAt: number;
  /** Calls since the last round of the server. */
  calls = 0;

  /** Known once the connection has said which device it is. */
  #caller: Caller | null = null;
  #lineClosed: (() => void) | null = null;
  #leave: (() => void) | null = null;
  #streamId: string | null = null;
  #greeted = false;
  #answers: string[] | null = null;
  #events: string[] | null = null;
  #waiting = false;
  #over = false;

  constructor(parts: SocketConnectionParts) {
    this.ws = parts.ws;
    this.session = parts.session;
    this.requestId = parts.requestId;
    this.#socket = parts.socket;
    this.#host = parts.host;
    this.heardAt = parts.now;
  }

  get isIntroduced(): boolean {
    return this.#caller !== null;
  }

  introduce(caller: Caller): void {
    this.#caller = caller;
  }

  get caller(): Caller {
    return this.#caller as Caller;
  }

  received(data: Buffer): void {
    if (data.length === 4 && data.toString('latin1') === 'PING') this.send('PONG');
    else this.#host.take(this, data);
  }

  closed(): void {
    this.#finish();
  }

  // Where answers go.

  send(answer: string): void {
    if (this.#over) return;
    if (this.#answers === null) this.#answers = [answer];
    else this.#answers.push(answer);
    this.#wait();
  }

  streamBegun(id: string, leave: () => void): void {
    if (this.#over) leave();
    else {
      this.#streamId = id;
      this.#leave = leave;
    }
  }

  streamOpened(): void {
    this.#greeted = true;
    if (this.#events !== null) this.#wait();
  }

  streamOf(id: string): (() => void) | null {
    return id === this.#streamId ? this.#leave : null;
  }

  // A line.

  openLine(_caller: Caller, closed: () => void): OpenLine {
    this.#lineClosed = closed;
    return this;
  }

  get over(): boolean {
    return this.#over || this.ws.readyState !== isOpen;
  }

  greet(hello: ServerEvent): EventBatch {
    return [hello];
  }

  push(events: readonly string[]): void {
    if (this.#over) return;
    if (this.#events === null) this.#events = [...events];
    else this.#events.push(...events);
    if (this.#greeted) this.#wait();
  }

  /** Never asked for more than the greeting: events don't come this way. */
  async next(): Promise<IteratorResult<EventBatch>> {
    return { done: true, value: undefined };
  }

  leave(): void {
    this.#streamId = null;
    this.#leave = null;
    this.#greeted = false;
    this.#events = null;
    const closed = this.#lineClosed;
    this.#lineClosed = null;
    closed?.();
  }

  end(reason: CloseReason): void {
    this.refuse(reason);
  }

  /** Says `bye` where there is a stream, and closes with the reason's code. Nothing goes out afterwards. */
  refuse(reason: CloseReason): void {
    if (this.#over) return;
    this.#host.refused(reason);
    if (this.#greeted) this.push([JSON.stringify({ type: 'bye', reason } satisfies ServerEvent)]);
    if (reason !== 'resume') this.#write(new FrameCache());
    this.#finish();
    this.ws.close(closeCodes[reason], reason);
  }

  #wait(): void {
    if (this.#waiting || this.#over) return;
    this.#waiting = true;
    this.#host.flusher.add(this);
  }

  flush(frames: FrameCache): void {
    this.#waiting = false;
    if (this.over) return;
    this.#write(frames);
    if (this.ws.bufferedAmount > maxBuffered) this.refuse('resume');
  }

  /** What gathered, in one write. It goes past `ws`, which has nothing of its own waiting: nothing is compressed. */
  #write(frames: FrameCache): void {
    const answers = this.#answers;
    const events = this.#greeted ? this.#events : null;
    this.#answers = null;
    if (events !== null) this.#events = null;
    if (this.ws.readyState !== isOpen) return;
    const out = answers === null ? [] : answers.map(textFrame);
    if (events !== null) out.push(frames.of(this.#streamId as string, events));
    if (out.length > 0) this.#socket.write(out.length === 1 ? out[0] : Buffer.concat(out));
  }

  #finish(): void {
    this.#over = true;
    this.#answers = null;
    this.leave();
  }
}

const isOpen = 1;
