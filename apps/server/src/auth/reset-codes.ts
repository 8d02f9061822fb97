import { createHash, randomBytes } from 'node:crypto';

/** A new code: 192 random bits. */
export const makeResetCode = (): string => randomBytes(24).toString('base64url');

/** What is kept of it: it can't be guessed, so one round of SHA-256 is enough. */
export const resetCodeHash = (code: string): string => createHash('sha256').update(code).digest('base64url');
