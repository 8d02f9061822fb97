import type { Clock } from '@tidings/api/clock';
import { type CloseReason, closeReasonOf, TidingsError } from '@tidings/api/errors';
import type { EventBatch } from '@tidings/api/events';
import type { DeviceId } from '@tidings/api/ids';
import { protocolVersion } from '@tidings/api/protocol';
import type { AppRouter } from '@tidings/api/router';
import { createTRPCUntypedClient, createWSClient, type TRPCWebSocketClient, wsLink } from '@trpc/client';
import { type ApiCall, apiOver } from './api-over.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Api, Line, StreamListener, Transport } from './transport.ts';
import { domainError } from './trpc-errors.ts';

const connectWithinMs = 10_000;

export type TrpcTransportOptions = {
  /** Of the socket: `wss://chat.example.org/api/socket`. */
  readonly url: string;
  readonly deviceId: DeviceId;
  readonly clock: Clock;
  /** The platform's own unless given: in Node, one that sends the session's cookie. */
  readonly WebSocket?: typeof WebSocket;
};

/** Lines over tRPC's WebSocket link: each `connect` is a client of its own, used until it breaks. */
export function trpcTransport(options: TrpcTransportOptions): Transport {
  return { connect: (listener) => new TrpcLine(options, listener).opened };
}

type Untyped = ReturnType<typeof createTRPCUntypedClient<AppRouter>>;

class TrpcLine implements Line {
  readonly api: Api;
  readonly opened: Promise<Line>;
  readonly #listener: StreamListener;
  readonly #socket: TRPCWebSocketClient;
  readonly #client: Untyped;
  readonly #heartbeat: Heartbeat;
  readonly #pending = new Set<(error: TidingsError) => void>();
  readonly #cancelPatience: () => void;
  #state: 'opening' | 'open' | 'closed' = 'opening';
  #listenerIsGone = false;
  #open!: () => void;
  #refuse!: (error: TidingsError) => void;

  constructor(options: TrpcTransportOptions, listener: StreamListener) {
    this.opened = new Promise((resolve, reject) => {
      this.#open = () => resolve(this);
      this.#refuse = reject;
    });
    this.#listener = listener;
    this.#heartbeat = new Heartbeat({
      clock: options.clock,
      ping: () => this.#webSocket?.send('PING'),
      dead: () => {
        const socket = this.#webSocket as (WebSocket & { terminate?: () => void }) | undefined;
        this.#end({ reason: null });
        // In Node, so that nothing waits for an answer to the close.
        socket?.terminate?.();
      },
    });
    this.#cancelPatience = options.clock.after(connectWithinMs, () => this.#end({ reason: null }));
    this.#socket = this.#openSocket(options);
    this.#client = createTRPCUntypedClient<AppRouter>({
      links: [wsLink<AppRouter>({ client: this.#socket })],
    });
    this.api = apiOver((call) => this.#call(call));
    this.#subscribe();
  }

  check(): void {
    if (this.#state === 'open') this.#heartbeat.check();
  }

  close(): void {
    this.#listenerIsGone = true;
    this.#end({ reason: null });
  }

  get #webSocket(): WebSocket | undefined {
    return this.#socket.connection?.ws;
  }

  #openSocket({ url, deviceId, WebSocket }: TrpcTransportOptions): TRPCWebSocketClient {
    return createWSClient({
      url,
      ...(WebSocket ? { WebSocket } : {}),
      connectionParams: { protocol: String(protocolVersion), deviceId },
      onOpen: () => this.#webSocket?.addEventListener('message', () => this.#heartbeat.heard()),
      onError: () => this.#end({ reason: null }),
      onClose: (event) => this.#end({ reason: closeReasonOf(event?.code ?? 0) }),
      experimental_encoder: { encode: JSON.stringify, decode: (data) => this.#decode(String(data)) },
    });
  }

  /** Two kinds of messages concern the line as a whole: tRPC would reconnect by itself on the one and drop the other. */
  #decode(text: string): unknown {
    const message = parsed(text);
    if (!message || message.method === 'reconnect') {
      this.#end({ reason: message ? 'draining' : null });
      return ignored;
    }
    if (message.id === null && message.error) this.#end({ reason: null, error: domainError(message.error) });
    return message;
  }

  #subscribe(): void {
    this.#client.subscription('sync.stream', undefined, {
      onData: (events) => this.#heard(events as EventBatch),
      onError: (error) => this.#end({ reason: null, error: domainError(error) }),
      onStopped: () => this.#end({ reason: null }),
    });
  }

  #heard(events: EventBatch): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'opening') {
      this.#state = 'open';
      this.#cancelPatience();
      this.#heartbeat.start();
      this.#open();
    }
    this.#listener.batch(events);
  }

  #call({ path, type, input }: ApiCall): Promise<unknown> {
    if (this.#state === 'closed')
      return Promise.reject(new TidingsError('unavailable', 'the line is closed'));
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      const answer = type === 'query' ? this.#client.query(path, input) : this.#client.mutation(path, input);
      answer.then(resolve, (error) => reject(domainError(error))).finally(() => this.#pending.delete(reject));
    });
  }

  /** The end, however it came: nobody waits for an answer, and tRPC doesn't open another socket. */
  #end({ reason, error }: { reason: CloseReason | null; error?: TidingsError }): void {
    if (this.#state === 'closed') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'closed';
    this.#cancelPatience();
    this.#heartbeat.stop();
    const gone = new TidingsError('unavailable', 'the line is closed');
    for (const reject of [...this.#pending]) reject(gone);
    // A socket's own close waits for the other end, which may not be there any more; and tRPC's for what is under way.
    this.#webSocket?.close();
    void this.#socket.close();
    if (!wasOpen) this.#refuse(error ?? new TidingsError(reason ?? 'unavailable'));
    else if (!this.#listenerIsGone) this.#listener.closed(reason);
  }
}

type Message = { readonly id?: unknown; readonly method?: string; readonly error?: unknown };

function parsed(text: string): Message | null {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return null;
  }
}

const ignored = { id: -1, result: { type: 'stopped' } };
