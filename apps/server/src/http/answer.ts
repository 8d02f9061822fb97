import type { ServerResponse } from 'node:http';
import { errorSentences } from '@tidings/api/error-sentences';
import { errorTable, type TidingsError } from '@tidings/api/errors';
import { domainErrorOf } from '@tidings/api/trpc';
import type { Logger } from '../services/parts.ts';
import { requestIdOf } from './request-id.ts';

/** Answers with JSON that no cache keeps; `undefined`: nothing to say (204). */
export function answerJson(response: ServerResponse, status: number, body?: unknown): void {
  response.setHeader('Cache-Control', 'no-store');
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.writeHead(status).end(JSON.stringify(body));
}

/** `{ error: { code, message, retryAfterMs? } }` with the table's sentence; details go to the log only (WIRE2). */
export function answerError(response: ServerResponse, cause: unknown, logger: Logger): void {
  const error = domainErrorOf(cause);
  if (error.code === 'internal')
    logger.error({ err: cause, requestId: requestIdOf(response.req) }, 'a request failed');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { http } = errorTable[error.code];
  // What wasn't read of the body would be taken for the next request.
  if (!response.req.complete) response.setHeader('Connection', 'close');
  if (error.retryAfterMs !== undefined)
    response.setHeader('Retry-After', Math.ceil(error.retryAfterMs / 1_000));
  answerJson(response, http, {
    error: { code: error.code, message: errorSentences[error.code], ...retryAfter(error) },
  });
}

const retryAfter = ({ retryAfterMs }: TidingsError) => (retryAfterMs === undefined ? {} : { retryAfterMs });
