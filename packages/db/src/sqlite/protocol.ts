import { type ErrorCode, isErrorCode, TidingsError } from '@tidings/api/errors';
import type { Answer, Call } from './core.ts';

/**
 * What goes between the event loop and the store's thread: all requests of a tick, and all answers of a commit, as one string
 * of JSON each. Copying a string is nearly free, while cloning the same as objects costs several times what SQLite does.
 */
export type Request = Call & { readonly id: number; readonly type: 'read' | 'write' };

type RequestTuple = [id: number, isWrite: 0 | 1, operation: string, parameters: readonly unknown[]];
type AnswerTuple = [id: number, value?: unknown, code?: ErrorCode, detail?: string];

export const encodeRequests = (requests: readonly Request[]): string =>
  JSON.stringify(
    requests.map(
      ({ id, type, operation, parameters }): RequestTuple => [
        id,
        type === 'write' ? 1 : 0,
        operation,
        parameters,
      ],
    ),
  );

export const decodeRequests = (text: string): Request[] =>
  (JSON.parse(text) as RequestTuple[]).map(([id, isWrite, operation, parameters]) => ({
    id,
    type: isWrite ? 'write' : 'read',
    operation,
    parameters,
  }));

export const encodeAnswers = (requests: readonly Request[], answers: readonly Answer[]): string =>
  JSON.stringify(
    requests.map(({ id }, at): AnswerTuple => {
      const answer = answers[at] as Answer;
      return 'error' in answer ? [id, null, answer.error.code, answer.error.message] : [id, answer.value];
    }),
  );

export const decodeAnswers = (text: string): { readonly id: number; readonly answer: Answer }[] =>
  (JSON.parse(text) as AnswerTuple[]).map(([id, value, code, detail]) => ({
    id,
    answer: isErrorCode(code) ? { error: new TidingsError(code, detail) } : { value },
  }));
