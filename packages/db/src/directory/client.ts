import { TidingsError } from '@tidings/api/errors';
import type { PrismaClient } from './generated/sqlite/client.ts';

/**
 * The Prisma client as the directory uses it: what SQLite's and MySQL's have in common (no `skipDuplicates`, no
 * `mode: 'insensitive'`, no raw SQL), so that one implementation serves both.
 */
export type DirectoryClient = Omit<PrismaClient, '$on' | '$use' | '$extends'>;

/** Prisma's codes: a unique key was taken; the row to change isn't there. */
const taken = 'P2002';
const missing = 'P2025';

export const isTaken = (error: unknown): boolean => codeOf(error) === taken;
export const isMissing = (error: unknown): boolean => codeOf(error) === missing;

/** What the ports promise: the domain's errors, never the driver's. */
export async function guarded<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (error instanceof TidingsError) throw error;
    if (isMissing(error)) throw new TidingsError('not-found', undefined, { cause: error });
    if (isTaken(error)) throw new TidingsError('conflict', undefined, { cause: error });
    const full = /SQLITE_FULL|disk is full|is full/i.test(String(error));
    throw new TidingsError(full ? 'storage-full' : 'unavailable', 'the directory', { cause: error });
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
}
