import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock, Running } from '@tidings/api/clock';
import { connectionParamsSchema } from '@tidings/api/connection-params';
import { type CloseReason, closeCodes } from '@tidings/api/errors';
import type { DeviceId, SessionId } from '@tidings/api/ids';
import { limits, oldestProtocolVersion } from '@tidings/api/protocol';
import type { Services } from '@tidings/api/services';
import type { ApiContext, Caller } from '@tidings/api/trpc';
import type { SessionRecord } from '@tidings/db/directory/port';
import { type WebSocket, WebSocketServer } from 'ws';
import { requestIdHeader, requestIdOf } from '../http/request-id.ts';
import type { Logger } from '../services/parts.ts';
import { logTrouble } from '../services/trouble.ts';
import type { WebSocketHandler } from '../services/websocket-handler.ts';
import { Flusher } from './flusher.ts';
import { ProcedureCalls } from './procedure-calls.ts';
import { SocketConnection, type SocketHost } from './socket-connection.ts';
import { connectionParamsOf, parseFrame, requestOf } from './wire.ts';

export type SocketServerParts = {
  readonly services: Services;
  readonly handler: WebSocketHandler;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The page's origin is one that may (SESS5). */
  readonly allows: (request: IncomingMessage) => boolean;
  /** Who asks, by their cookie; `null` without a valid session. Many ask at once after a restart. */
  readonly authenticate: (request: IncomingMessage) => Promise<SessionRecord | null>;
  readonly callerOf: (session: SessionRecord, device: DeviceId) => Caller;
  readonly maxConnections: number;
};

/** Calls that are under way when the server drains get this long to be answered. */
const answerMs = 1_000;
const roundMs = 5_000;
/** After this much silence we ask; after that much the other side is gone (half-open connections look open for ever). */
const askAfterMs = 25_000;
const goneAfterMs = 45_000;
/** WIRE4: 200 a second for 5 seconds. */
const maxCallsPerRound = 1_000;

const socketOptions = {
  noServer: true,
  clientTracking: false,
  maxPayload: limits.frameBytes,
  perMessageDeflate: false,
  /** How long the other side may take to answer a close. */
  closeTimeout: 3_000,
};

/** The WebSocket side of the one port: lets devices in, hands their calls to the router, and notices when they are gone. */
export class SocketServer implements Running, SocketHost {
  /** Sockets that were closed from here since the start, by reason. */
  readonly refusals: Partial<Record<CloseReason, number>> = {};
  readonly #parts: SocketServerParts;
  readonly #connections = new Map<WebSocket, SocketConnection>();
  readonly flusher: Flusher;
  readonly #procedures: ProcedureCalls;
  readonly #wss = new WebSocketServer(socketOptions);
  #cancelRound: () => void;
  #callsUnderWay = 0;
  #answered = () => {};
  #draining = false;

  constructor(parts: SocketServerParts) {
    this.#parts = parts;
    this.flusher = new Flusher(parts.clock);
    this.#procedures = new ProcedureCalls(parts.logger);
    this.#cancelRound = parts.clock.after(roundMs, () => this.#round());
    this.#wss.on('headers', (headers, request) => {
      const id = requestIdOf(request);
      if (id !== undefined) headers.push(`${requestIdHeader}: ${id}`);
    });
    parts.handler.listen({ sessionsEnded: (sessions) => this.#endSessions(sessions) });
  }

  /** Open sockets, whether or not they stream. */
  get size(): number {
    return this.#connections.size;
  }

  /** For the HTTP server's `upgrade` event. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const declined = this.#declined(request);
    if (declined) {
      decline(socket, declined);
      return;
    }
    this.#parts.authenticate(request).then(
      (session) =>
        this.#wss.handleUpgrade(request, socket, head, (ws) =>
          this.#accept(ws, { socket, session, requestId: requestIdOf(request) }),
        ),
      (error: unknown) => {
        logTrouble(this.#parts.logger, error, 'a socket could not be authenticated', {
          requestId: requestIdOf(request),
        });
        decline(socket, '503 Service Unavailable');
      },
    );
  }

  #declined(request: IncomingMessage): string | null {
    if (this.#draining || this.size >= this.#parts.maxConnections) return '503 Service Unavailable';
    return this.#parts.allows(request) ? null : '403 Forbidden';
  }

  /** A browser can't read why an upgrade was declined, but it can read a close code. */
  #accept(ws: WebSocket, { socket, session, requestId }: Arrival): void {
    ws.on('error', ignore);
    const reason = !session ? 'not-signed-in' : this.#draining ? 'draining' : null;
    if (!session || reason) {
      ws.close(closeCodes[reason ?? 'not-signed-in'], reason ?? '');
      return;
    }
    const connection = new SocketConnection({
      ws,
      socket,
      session,
      requestId,
      host: this,
      now: this.#parts.clock.now(),
    });
    this.#connections.set(ws, connection);
    ws.on('message', this.#onMessage);
    ws.on('pong', this.#onPong);
    ws.on('close', this.#onClose);
  }

  readonly #onMessage = this.#listener((connection, data: Buffer) => {
    connection.heardAt = this.#parts.clock.now();
    connection.received(data);
  });

  readonly #onPong = this.#listener((connection) => {
    connection.heardAt = this.#parts.clock.now();
  });

  readonly #onClose = this.#listener((connection) => {
    this.#connections.delete(connection.ws);
    connection.closed();
  });

  /** One function for all sockets, which finds its connection by the socket that it is called on. */
  #listener<T extends unknown[]>(take: (connection: SocketConnection, ...values: T) => void) {
    const connections = this.#connections;
    return function (this: WebSocket, ...values: T): void {
      const connection = connections.get(this);
      if (connection) take(connection, ...values);
    };
  }

  /** First who it is, then calls, one by one or several in an array. */
  take(connection: SocketConnection, data: Buffer): void {
    try {
      const message = parseFrame(data);
      if (!connection.isIntroduced) {
        this.#introduce(connection, message);
        return;
      }
      const messages = Array.isArray(message) ? message : [message];
      connection.calls += messages.length;
      if (connection.calls > maxCallsPerRound) connection.refuse('too-many-requests');
      else for (const each of messages) this.#call(connection, each);
    } catch (error) {
      connection.send(this.#procedures.failure(connection, error));
    }
  }

  refused(reason: CloseReason): void {
    this.refusals[reason] = (this.refusals[reason] ?? 0) + 1;
  }

  #introduce(connection: SocketConnection, message: unknown): void {
    const params = connectionParamsSchema.safeParse(connectionParamsOf(message));
    if (!params.success) connection.refuse('outdated-client');
    else if (params.data.protocol < oldestProtocolVersion) connection.refuse('outdated-client');
    else connection.introduce(this.#parts.callerOf(connection.session, params.data.deviceId));
  }

  #call(connection: SocketConnection, message: unknown): void {
    const context: ApiContext = { services: this.#parts.services, caller: connection.caller, connection };
    const request = requestOf(message);
    this.#callsUnderWay += 1;
    void this.#procedures.answer(connection, context, request).finally(() => {
      this.#callsUnderWay -= 1;
      if (this.#callsUnderWay === 0) this.#answered();
    });
  }

  #endSessions(sessions: ReadonlySet<SessionId>): void {
    for (const connection of this.#connections.values()) {
      if (sessions.has(connection.session.sessionId)) connection.refuse('session-ended');
    }
  }

  /** One timer for all sockets. */
  #round(): void {
    const now = this.#parts.clock.now();
    for (const connection of this.#connections.values()) {
      connection.calls = 0;
      const silence = now - connection.heardAt;
      if (silence >= goneAfterMs) connection.ws.terminate();
      else if (silence >= askAfterMs) connection.ws.ping();
    }
    this.#cancelRound = this.#parts.clock.after(roundMs, () => this.#round());
  }

  /** Nobody new comes in; who is here gets the answers that are due, and is told to go elsewhere. */
  async drain(): Promise<void> {
    this.#draining = true;
    if (this.#callsUnderWay > 0) {
      await new Promise<void>((resolve) => {
        this.#answered = resolve;
        this.#parts.clock.after(answerMs, resolve);
      });
    }
    for (const connection of this.#connections.values()) connection.refuse('draining');
  }

  async stop(): Promise<void> {
    this.#draining = true;
    this.#cancelRound();
    for (const ws of this.#connections.keys()) ws.terminate();
    this.#wss.close();
  }
}

type Arrival = {
  readonly socket: Duplex;
  readonly session: SessionRecord | null;
  readonly requestId: string | undefined;
};

function decline(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

const ignore = () => {};
