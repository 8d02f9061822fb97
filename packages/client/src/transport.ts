import type { CloseReason } from '@tidings/api/errors';
import type { EventBatch } from '@tidings/api/events';
import type { AppRouter } from '@tidings/api/router';
import type { TRPCClient } from '@trpc/client';

/** The typed procedures, as `createTRPCClient<AppRouter>` gives them; failures are `TidingsError`. */
export type Api = TRPCClient<AppRouter>;

/**
 * A line to a server, one connection at a time. The engine decides when to connect and how long to wait after a failure;
 * the transport never reconnects by itself.
 */
export interface Transport {
  /**
   * Opens a connection and its stream. Resolves at `hello`, rejects with a `TidingsError` when the server refuses, and with
   * `unavailable` when it can't be reached or doesn't answer within 10 s.
   */
  connect(listener: StreamListener): Promise<Line>;
}

export interface StreamListener {
  batch(events: EventBatch): void;
  /** The line is gone, once; `reason` when the server said why. */
  closed(reason: CloseReason | null): void;
}

/** An open connection. Calls on a line that closed reject with `unavailable`. */
export interface Line {
  readonly api: Api;
  /** Asks for a sign of life now (the network changed, the page woke up): `closed` follows if none comes within 5 s. */
  check(): void;
  close(): void;
}
