import { initTRPC, TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { errorSentences } from './error-sentences.ts';
import { type ErrorCode, errorTable, type Retry, TidingsError } from './errors.ts';
import type { DeviceId, SessionId, UserId } from './ids.ts';
import type { Services } from './services.ts';

/** Who calls: made by the transport from a verified session, never from input. */
export type Caller = {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  readonly deviceId: DeviceId;
};

/** A live stream's end on the server: what `sync.stream` hands to the WebSocket handler. */
export type ApiContext = {
  readonly services: Services;
  readonly caller: Caller | null;
  /** This connection, where there is one (WebSocket): an opaque handle for `services.stream`. */
  readonly connection?: object;
};

/** The shape in `error.data` that every client may rely on. */
export type ErrorData = {
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly retryAfterMs?: number;
};

const trpcCode: Record<number, TRPCError['code']> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  422: 'UNPROCESSABLE_CONTENT',
  426: 'PRECONDITION_FAILED',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
  507: 'SERVICE_UNAVAILABLE',
};

/** The domain's error behind whatever a procedure threw. Bad input is told apart; anything unknown is `internal`. */
export function domainErrorOf(error: unknown): TidingsError {
  for (let cause: unknown = error, depth = 0; cause && depth < 5; depth += 1) {
    if (cause instanceof TidingsError) return cause;
    if (cause instanceof ZodError) return new TidingsError('bad-input', cause.issues[0]?.message);
    cause = (cause as { cause?: unknown }).cause;
  }
  if (error instanceof TRPCError) {
    if (error.code === 'NOT_FOUND' || error.code === 'METHOD_NOT_SUPPORTED')
      return new TidingsError('not-found', error.message);
    if (error.code === 'PAYLOAD_TOO_LARGE') return new TidingsError('too-large');
    if (
      error.code === 'BAD_REQUEST' ||
      error.code === 'PARSE_ERROR' ||
      error.code === 'UNSUPPORTED_MEDIA_TYPE'
    )
      return new TidingsError('bad-input');
  }
  return new TidingsError('internal', undefined, { cause: error });
}

export function toTrpcError(error: TidingsError): TRPCError {
  return new TRPCError({
    code: trpcCode[errorTable[error.code].http] ?? 'INTERNAL_SERVER_ERROR',
    message: errorSentences[error.code],
    cause: error,
  });
}

const t = initTRPC.context<ApiContext>().create({
  // Clients take the schemas from the same files; they make these routers and never call them.
  allowOutsideOfServer: true,
  errorFormatter({ shape, error }) {
    const domain = domainErrorOf(error);
    const data: ErrorData = {
      code: domain.code,
      retry: domain.retry,
      ...(domain.retryAfterMs === undefined ? {} : { retryAfterMs: domain.retryAfterMs }),
    };
    return { code: shape.code, message: errorSentences[domain.code], data };
  },
  sse: { enabled: false },
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/**
 * For signed-in callers: the only base that the topics use. Without a caller nothing is answered, and whatever fails
 * fails with the domain's error. One middleware for both: each one costs a copy of the call, on every call.
 */
export const signedIn = t.procedure.use(async ({ ctx, next }) => {
  if (!ctx.caller) throw toTrpcError(new TidingsError('not-signed-in'));
  const result = await next({ ctx: ctx as ApiContext & { readonly caller: Caller } });
  return result.ok ? result : { ...result, error: toTrpcError(domainErrorOf(result.error)) };
});
