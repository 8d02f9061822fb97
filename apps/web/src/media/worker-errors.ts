import { type ErrorCode, isErrorCode, TidingsError } from '@tidings/api/errors';
import { transferHandlers } from 'comlink';

type Sent = {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
};

/** Lets errors keep their codes on the way between the page and its worker; to be called on both sides. */
export function passErrors(): void {
  const usual = transferHandlers.get('throw');
  if (!usual) return;
  transferHandlers.set('throw', {
    canHandle: usual.canHandle,
    serialize: (thrown) => [sentOf((thrown as { value: unknown }).value), []],
    deserialize: (sent) => {
      throw errorOf(sent as Sent);
    },
  });
}

function sentOf(error: unknown): Sent {
  if (error instanceof TidingsError)
    return { code: error.code, message: error.message, retryAfterMs: error.retryAfterMs };
  return { code: null, message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}

function errorOf({ code, message, retryAfterMs }: Sent): TidingsError {
  const options = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new TidingsError(isErrorCode(code) ? code : 'internal', message, options);
}
