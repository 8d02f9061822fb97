import { TidingsError } from '@tidings/api/errors';
import type { Database } from 'better-sqlite3';
import { accountReads, accountWrites } from '../account-state/sqlite.ts';
import { lastSeenReads, lastSeenWrites } from '../last-seen/sqlite.ts';
import { messageReads, messageWrites } from '../message-store/sqlite.ts';
import { watermarkReads, watermarkWrites } from '../watermark-store/sqlite.ts';
import { conversationNumbers } from './conversation-numbers.ts';

type Core = ReturnType<typeof openCore>;
export type Reads = Core['reads'];
export type Writes = Core['writes'];

export type Call = { readonly operation: string; readonly parameters: readonly unknown[] };
/** The value, or why there is none. */
export type Answer = { readonly value: unknown } | { readonly error: TidingsError };

type Operation = (...parameters: never[]) => unknown;

/** All operations of the stores on one database, as plain functions that answer at once. */
export function openCore(db: Database) {
  const conversations = conversationNumbers(db);
  const { forgetMarks, ...marks } = watermarkWrites(db, conversations);
  const forget = () => {
    conversations.forget();
    forgetMarks();
  };
  return {
    reads: {
      ...messageReads(db, conversations),
      ...watermarkReads(db, conversations),
      ...accountReads(db),
      ...lastSeenReads(db),
    },
    writes: { ...messageWrites(db, conversations), ...marks, ...accountWrites(db), ...lastSeenWrites(db) },
    /** One transaction at once; undone when it throws. */
    transaction(work: () => void): void {
      try {
        db.transaction(work).immediate();
      } catch (error) {
        forget();
        throw error;
      }
    },
  };
}

export function runRead(core: Core, call: Call): Answer {
  try {
    return { value: run(core.reads, call) };
  } catch (error) {
    return { error: toDomainError(error) };
  }
}

/**
 * Group commit: all calls in one transaction, and no answer before it is on the disk. A call that fails by a fault of its own
 * (not the file's) is taken out, and the others are done again without it.
 */
export function commitWrites(core: Core, calls: readonly Call[]): Answer[] {
  const answers = new Array<Answer | undefined>(calls.length).fill(undefined);
  const failed = new Set<number>();
  for (;;) {
    let at = 0;
    try {
      core.transaction(() => {
        for (at = 0; at < calls.length; at += 1) {
          if (!failed.has(at)) answers[at] = { value: run(core.writes, calls[at] as Call) };
        }
      });
      return answers as Answer[];
    } catch (error) {
      const answer = { error: toDomainError(error) };
      if (at >= calls.length || isFault(error))
        return answers.map((one, index) => (failed.has(index) ? one : answer) as Answer);
      answers[at] = answer;
      failed.add(at);
    }
  }
}

function run(operations: Reads | Writes, { operation, parameters }: Call): unknown {
  const known = (operations as Record<string, Operation | undefined>)[operation];
  if (!known) throw new Error(`no such operation: ${operation}`);
  return known(...(parameters as never[]));
}

/** The file's, the disk's or the transaction's fault, so that trying the other calls alone makes no sense. */
const isFault = (error: unknown): boolean => {
  const code = sqliteCode(error);
  return (
    code !== null &&
    !code.startsWith('SQLITE_CONSTRAINT') &&
    code !== 'SQLITE_TOOBIG' &&
    code !== 'SQLITE_MISMATCH'
  );
};

function sqliteCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}

export function toDomainError(error: unknown): TidingsError {
  const detail = error instanceof Error ? error.message : String(error);
  return new TidingsError(sqliteCode(error) === 'SQLITE_FULL' ? 'storage-full' : 'unavailable', detail, {
    cause: error,
  });
}
