import { open } from 'node:fs/promises';
import { TidingsError } from '@tidings/api/errors';

/** A new name is on the disk only when its folder is. Windows can't do this, and doesn't need it. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** `storage-full` or `unavailable`; what is the domain's own stays as it is. `what` is for logs. */
export function diskFailure(error: unknown, what: string): TidingsError {
  if (error instanceof TidingsError) return error;
  const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
  return new TidingsError(full ? 'storage-full' : 'unavailable', what, { cause: error });
}
