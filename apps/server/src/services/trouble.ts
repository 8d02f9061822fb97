import { TidingsError } from '@tidings/api/errors';
import type { Logger } from './parts.ts';

/**
 * Logs a failure that mends itself. An engine that is down fails every call that is made to it; whoever watches it says so once
 * (see `metrics/engine-watch.ts`), so here each of them is worth no more than `debug`.
 */
export function logTrouble(logger: Logger, error: unknown, message: string, fields: object = {}): void {
  const isDown = error instanceof TidingsError && error.code === 'unavailable';
  logger[isDown ? 'debug' : 'warn']({ ...fields, err: error }, message);
}

/** What isn't the domain's own comes from a part that is broken: the log has it, its text stays inside (WIRE2). */
export function domainErrorFrom(cause: unknown, logger: Logger): TidingsError {
  if (cause instanceof TidingsError) return cause;
  logger.error({ err: cause }, 'a part of a call failed');
  return new TidingsError('internal', undefined, { cause });
}
