import { createHmac, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StartupError } from './startup-error.ts';

const secretsSchema = z.object({
  /** Signs session cookies: without it everybody has to sign in again. */
  session: z.string().min(32),
});
export type Secrets = z.infer<typeof secretsSchema>;

/** Reads the server's secrets, or makes them at the first start. Only their owner may read the file. */
export function loadSecrets(folder: string): Secrets {
  const file = join(folder, 'secrets.json');
  if (!existsSync(file)) write(file, { session: randomBytes(32).toString('base64url') });
  const parsed = secretsSchema.safeParse(parseJson(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new StartupError(
    `The file ${file} is damaged: put it back from a backup, or delete it, and everybody signs in again.`,
  );
}

/** A secret for one purpose, which says nothing of the one that it is made from. */
export const secretFor = (purpose: string, secret: string): string =>
  createHmac('sha256', secret).update(purpose).digest('base64url');

/** Whole or not at all, also when the power goes. */
function write(file: string, secrets: Secrets): void {
  const half = `${file}.new`;
  const open = openSync(half, 'w', 0o600);
  writeSync(open, `${JSON.stringify(secrets, null, 2)}\n`);
  fsyncSync(open);
  closeSync(open);
  renameSync(half, file);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
