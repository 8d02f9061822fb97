import { TidingsError } from '@tidings/api/errors';
import { errors, types } from 'cassandra-driver';

const { responseErrorCodes: codes } = types;

/** Answers that say that the question was wrong: asking again, or another node, makes no sense. */
const wrongQuestions: ReadonlySet<number> = new Set([
  codes.protocolError,
  codes.badCredentials,
  codes.syntaxError,
  codes.unauthorized,
  codes.invalid,
  codes.configError,
  codes.alreadyExists,
]);

/**
 * What a failure of Cassandra means to the domain: `storage-full` when its guardrail on disk usage refuses writes,
 * `internal` when the statement or the credentials are wrong, and `unavailable` for everything else, since whatever is down,
 * slow or overloaded may answer later.
 */
export function toDomainError(error: unknown): TidingsError {
  if (error instanceof TidingsError) return error;
  const causes = causesOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  if (causes.some(isFullDisk)) return new TidingsError('storage-full', detail, { cause: error });
  const isOurs = causes.every(isWrongQuestion);
  return new TidingsError(isOurs ? 'internal' : 'unavailable', detail, { cause: error });
}

/** What each node said, when the driver asked several. */
function causesOf(error: unknown): readonly unknown[] {
  if (!(error instanceof errors.NoHostAvailableError)) return [error];
  const inner = Object.values((error.innerErrors ?? {}) as Record<string, unknown>);
  return inner.length > 0 ? inner : [error];
}

function isWrongQuestion(error: unknown): boolean {
  if (error instanceof errors.ResponseError) return wrongQuestions.has(error.code);
  return !(error instanceof errors.DriverError) && !isFromTheSystem(error);
}

/** `ECONNREFUSED` and the like. */
const isFromTheSystem = (error: unknown): boolean =>
  typeof (error as NodeJS.ErrnoException | null)?.syscall === 'string';

const isFullDisk = (error: unknown): boolean =>
  error instanceof errors.ResponseError &&
  error.code === codes.invalid &&
  /guardrail .*disk.usage/i.test(error.message);
