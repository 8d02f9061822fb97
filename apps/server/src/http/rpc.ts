import type { IncomingMessage, ServerResponse } from 'node:http';
import { TidingsError } from '@tidings/api/errors';
import { limits, oldestProtocolVersion, paths } from '@tidings/api/protocol';
import { appRouter } from '@tidings/api/router';
import type { Services } from '@tidings/api/services';
import { type ApiContext, domainErrorOf } from '@tidings/api/trpc';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { callerOf } from '../auth/caller-of.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { Logger } from '../services/parts.ts';
import { requestIdOf } from './request-id.ts';

export type RpcParts = {
  readonly services: Services;
  readonly sessions: Sessions;
  readonly logger: Logger;
};

/** Says which device calls, where there is no connection that said it. */
export const deviceHeader = 'tidings-device';
/** Says which protocol version the client speaks; without it, today's. */
export const protocolHeader = 'tidings-protocol';

const maxBatchSize = 16;

/** `/api/rpc/*`: the procedures over plain HTTP, for service workers, which have no socket, and for tools. */
export function rpc({ services, sessions, logger }: RpcParts) {
  const perSession = new RateLimiterMemory({ points: 1_000, duration: 5 });

  const contextOf = async (request: IncomingMessage): Promise<ApiContext> => {
    const session = await sessions.ofCookie(request.headers.cookie);
    return { services, caller: session && callerOf(session, request.headers[deviceHeader]) };
  };

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    if (Number(request.headers[protocolHeader] ?? oldestProtocolVersion) < oldestProtocolVersion) {
      throw new TidingsError('outdated-client');
    }
    const context = await contextOf(request);
    await perSession.consume(context.caller?.sessionId ?? 'nobody').catch(() => {
      throw new TidingsError('too-many-requests', undefined, { retryAfterMs: 5_000 });
    });
    await nodeHTTPRequestHandler({
      req: request,
      res: response,
      path: path.slice(paths.rpc.length + 1),
      router: appRouter,
      createContext: async () => context,
      maxBodySize: limits.frameBytes,
      maxBatchSize,
      onError({ error, path }) {
        if (domainErrorOf(error).code === 'internal')
          logger.error(
            { err: error.cause ?? error, path, requestId: requestIdOf(request) },
            'a procedure failed',
          );
      },
    });
  };
}
