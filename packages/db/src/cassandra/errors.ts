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
  const detail = error instanceof Error ? error.message : String(error);
  return new TidingsError(codeOf(error), detail, { cause: error });
}

function codeOf(error: unknown): 'internal' | 'storage-full' | 'unavailable' {
  const answers = answersOf(error);
  if (answers.some(isFullDisk)) return 'storage-full';
  if (answers.length > 0) return answers.every(isWrongQuestion) ? 'internal' : 'unavailable';
  return error instanceof errors.DriverError || isOfTheLine(error) ? 'unavailable' : 'internal';
}

/**
 * What each node said, when the driver asked several. For a node that said nothing there is an answer, too: of a connection that is
 * gone the driver says so with an error without a type, with a text or with null.
 */
function answersOf(error: unknown): readonly unknown[] {
  if (error instanceof errors.NoHostAvailableError)
    return Object.values((error.innerErrors ?? {}) as Record<string, unknown>);
  return error instanceof errors.ResponseError ? [error] : [];
}

const isWrongQuestion = (answer: unknown): boolean =>
  answer instanceof errors.ResponseError && wrongQuestions.has(answer.code);

/**
 * What is said of a line that is gone: `ECONNREFUSED` and the like by the system; what happened while a request was written, which the driver
 * marks; and by the driver, as of one node among several, an error without a type (`No connection available`). Mistakes in a program have one.
 */
const isOfTheLine = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { syscall, isSocketError } = error as NodeJS.ErrnoException & { isSocketError?: boolean };
  const hasType = Object.getPrototypeOf(error) !== Error.prototype;
  return typeof syscall === 'string' || isSocketError === true || !hasType;
};

const isFullDisk = (answer: unknown): boolean =>
  answer instanceof errors.ResponseError &&
  answer.code === codes.invalid &&
  /guardrail .*disk.usage/i.test(answer.message);
