import type { ServerResponse } from 'node:http';
import { errorSentences } from '@tidings/api/error-sentences';
import { errorTable, type TidingsError } from '@tidings/api/errors';
import { domainErrorOf } from '@tidings/api/trpc';
import type { Logger } from '../../services/parts.ts';
import { requestIdOf } from '../request-id.ts';

/** Answers `application/problem+json` (RFC 9457) with the code of the error table. */
export function answerProblem(response: ServerResponse, cause: unknown, logger: Logger): void {
  const error = domainErrorOf(cause);
  if (error.code === 'internal')
    logger.error({ err: cause, requestId: requestIdOf(response.req) }, 'a request of a program failed');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What wasn't read of the body would be taken for the next request.
  if (!response.req.complete) response.setHeader('Connection', 'close');
  if (error.retryAfterMs !== undefined)
    response.setHeader('Retry-After', Math.ceil(error.retryAfterMs / 1_000));
  if (error.code === 'key-invalid') response.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
  const { http: status, retry } = errorTable[error.code];
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  const problem = { type: 'about:blank', title: errorSentences[error.code], status, code: error.code, retry };
  response.writeHead(status).end(JSON.stringify({ ...problem, ...detailOf(error) }));
}

/** What is wrong with a request says its message; of other failures only the log knows more (WIRE2). */
function detailOf({ code, message }: TidingsError) {
  const detail = message.slice(code.length + 2);
  return code === 'bad-input' && detail !== '' ? { detail } : {};
}
