import { TidingsError } from '@tidings/api/errors';
import { appRouter } from '@tidings/api/router';
import { type ApiContext, domainErrorOf, toTrpcError } from '@tidings/api/trpc';
import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape, type TRPCError } from '@trpc/server';
import type { Logger } from '../services/parts.ts';
import { dataAnswer, errorAnswer, type Request, startedAnswer, stoppedAnswer } from './wire.ts';

/** A connection, as far as its calls are concerned. */
export interface CallingSocket {
  /** The name of the request that it began with, for the log. */
  readonly requestId: string | undefined;
  /** Nothing happens on one that closed. */
  send(answer: string): void;
  /** A stream begins under this id; it is left by calling `leave`. */
  streamBegun(id: string, leave: () => void): void;
  /** The stream has greeted: from now on its events go out by themselves. */
  streamOpened(id: string): void;
  streamOf(id: string): (() => void) | null;
}

/**
 * Calls the router's procedures for sockets, in tRPC's wire format. tRPC's own adapter does the same and can do more; per call and
 * per connection it costs several times as much (ADR 9 says how much), and it has no place for events that were encoded once.
 */
export class ProcedureCalls {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  async answer(socket: CallingSocket, context: ApiContext, request: Request): Promise<void> {
    const { id, method } = request;
    try {
      if (method === 'subscription') await this.#stream(socket, context, request);
      else if (method === 'subscription.stop') stop(socket, id);
      else socket.send(dataAnswer(id, await this.#call(context, request)));
    } catch (cause) {
      socket.send(this.failure(socket, cause, request));
    }
  }

  /** `request` absent: what came was none. */
  failure({ requestId }: CallingSocket, cause: unknown, request?: Request): string {
    const domain = domainErrorOf(cause);
    if (domain.code === 'internal')
      this.#logger.error(
        { err: domain.cause ?? cause, path: request?.path, requestId },
        'a procedure failed',
      );
    const type = request?.method === 'query' || request?.method === 'mutation' ? request.method : 'unknown';
    const error: TRPCError =
      cause instanceof TidingsError ? toTrpcError(cause) : getTRPCErrorFromUnknown(cause);
    const shape = getTRPCErrorShape({
      config: appRouter._def._config,
      error,
      type,
      path: request?.path,
      input: request?.input,
      ctx: undefined,
    });
    return errorAnswer(request?.id ?? 'null', shape);
  }

  #call(ctx: ApiContext, { method, path, input }: Request): Promise<unknown> {
    return callTRPCProcedure({
      router: appRouter,
      path,
      getRawInput: async () => input,
      ctx,
      type: method as 'query' | 'mutation' | 'subscription',
      signal: undefined,
      batchIndex: 0,
    });
  }

  /** The first batch, the greeting, is an answer; what follows it the socket writes itself. */
  async #stream(socket: CallingSocket, context: ApiContext, request: Request): Promise<void> {
    const iterator = ((await this.#call(context, request)) as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    socket.streamBegun(request.id, () => void iterator.return?.());
    const first = await iterator.next();
    socket.send(startedAnswer(request.id));
    if (!first.done) socket.send(dataAnswer(request.id, first.value));
    socket.streamOpened(request.id);
  }
}

function stop(socket: CallingSocket, id: string): void {
  const leave = socket.streamOf(id);
  if (!leave) return;
  leave();
  socket.send(stoppedAnswer(id));
}
