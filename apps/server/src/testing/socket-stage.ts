import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@tidings/api/clock';
import { closeReasonOf } from '@tidings/api/errors';
import { type EventBatch, eventBatchSchema, type ServerEvent } from '@tidings/api/events';
import type { DeviceId } from '@tidings/api/ids';
import { paths } from '@tidings/api/protocol';
import type { Caller } from '@tidings/api/trpc';
import { ManualClock } from '@tidings/bus/testing/manual-clock';
import type { SessionRecord } from '@tidings/db/directory/port';
import { WebSocket } from 'ws';
import { SocketServer } from '../socket/socket-server.ts';
import { TestServices } from './test-services.ts';

/** Sockets on the services: what is sent goes through a real port, and the rounds come when a test lets time pass. */
export class SocketStage implements AsyncDisposable {
  readonly services: TestServices;
  readonly sockets: SocketServer;
  /** Of the sockets' rounds. */
  readonly time = new ManualClock();
  readonly #http: Server;
  readonly #dialled: Dialled[] = [];

  private constructor(services: TestServices) {
    this.services = services;
    this.sockets = new SocketServer({
      services: services.server.services,
      handler: services.server.handler,
      clock: { now: this.time.now, after: this.time.after, soon: systemClock.soon },
      logger: services.ports.logger,
      allows: ({ headers }) => headers.origin !== 'https://elsewhere.example',
      authenticate: async ({ headers }) => sessionOf(headers.cookie),
      callerOf: (session, device) => ({
        userId: session.userId,
        sessionId: session.sessionId,
        deviceId: device,
      }),
      maxConnections: 1_000,
    });
    this.#http = createServer();
    this.#http.on('upgrade', (request, socket, head) => this.sockets.upgrade(request, socket, head));
  }

  static async start(): Promise<SocketStage> {
    const stage = new SocketStage(await TestServices.start());
    await new Promise<void>((resolve) => stage.#http.listen(0, '127.0.0.1', resolve));
    return stage;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}${paths.socket}?connectionParams=1`;
  }

  /** A socket that says nothing by itself. Without a caller: without a cookie. */
  dial(caller: Caller | null, headers: Record<string, string> = {}): Dialled {
    const dialled = new Dialled(this.url, { ...(caller ? { cookie: cookieOf(caller) } : {}), ...headers });
    this.#dialled.push(dialled);
    return dialled;
  }

  /** One that has said who it is and streams. */
  async connect(caller: Caller): Promise<Dialled> {
    const dialled = this.dial(caller);
    await dialled.opened;
    dialled.introduce(caller.deviceId);
    dialled.subscribe();
    await until(() => dialled.events.length > 0);
    return dialled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { ws } of this.#dialled) ws.terminate();
    await this.sockets.stop();
    await new Promise((resolve) => this.#http.close(resolve));
    await this.services[Symbol.asyncDispose]();
  }
}

type Answer = {
  readonly result?: { readonly type?: string; readonly data?: unknown };
  readonly error?: { readonly data: { readonly code: string; readonly retry: string } };
};
type Message = Answer & { readonly id: number | string | null };

export const streamId = 1;

/** The other end of a socket, frame by frame. */
export class Dialled {
  readonly ws: WebSocket;
  readonly opened: Promise<void>;
  readonly frames: string[] = [];
  readonly events: ServerEvent[] = [];
  /** Set when it is closed: the code's reason, or the code. */
  closed: string | number | null = null;
  #lastId = 100;

  constructor(url: string, headers: Record<string, string>) {
    this.ws = new WebSocket(url, { headers, perMessageDeflate: false });
    this.opened = new Promise((resolve, reject) => {
      this.ws.once('open', resolve);
      this.ws.once('error', reject);
    });
    this.opened.catch(() => {});
    this.ws.on('error', () => {});
    this.ws.on('message', (data) => this.#take(String(data)));
    this.ws.on('close', (code) => {
      this.closed = closeReasonOf(code) ?? code;
    });
  }

  get messages(): Message[] {
    return this.frames.filter((frame) => frame.startsWith('{')).map((frame) => JSON.parse(frame) as Message);
  }

  introduce(deviceId: DeviceId | string, protocol = '1'): void {
    this.ws.send(JSON.stringify({ method: 'connectionParams', data: { protocol, deviceId } }));
  }

  subscribe(id: number | string = streamId): void {
    this.ws.send(JSON.stringify({ id, method: 'subscription', params: { path: 'sync.stream' } }));
  }

  async call(method: string, path: string, input?: unknown): Promise<Answer> {
    const id = ++this.#lastId;
    this.ws.send(JSON.stringify({ id, method, params: { path, input } }));
    await until(() => this.messages.some((message) => message.id === id));
    return this.messages.find((message) => message.id === id) as Message;
  }

  /** Checks that everything pushed is of the wire's one union (WIRE1). */
  #take(frame: string): void {
    this.frames.push(frame);
    if (!frame.startsWith('{')) return;
    const { id, result } = JSON.parse(frame) as Message;
    if (id === streamId && result?.type === 'data')
      this.events.push(...(eventBatchSchema.parse(result.data) as EventBatch));
  }
}

/** Waits for a condition, at most 5 s. */
export async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`it never came to be: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export const cookieOf = ({ userId, sessionId }: Caller): string => `who=${userId}.${sessionId}`;

function sessionOf(cookie: string | undefined): SessionRecord | null {
  const [, user, session] = /^who=([^.]+)\.(.+)$/.exec(cookie ?? '') ?? [];
  if (!user || !session) return null;
  const at = { createdAt: 0, lastUsedAt: 0, expiresAt: Number.MAX_SAFE_INTEGER };
  return {
    sessionId: session as never,
    token: '',
    userId: user as never,
    deviceId: null,
    name: '',
    role: 'user',
    ...at,
  };
}
