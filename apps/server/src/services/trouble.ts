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
