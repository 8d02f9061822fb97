import { S3ServiceException } from '@aws-sdk/client-s3';
import { TidingsError } from '@tidings/api/errors';

/** What the port promises: an S3 that is down, slow, full or refuses is told in the domain's words. `absent`: that answers `undefined`. */
export async function answered<T>(command: Promise<T>): Promise<T>;
export async function answered<T>(
  command: Promise<T>,
  absent: (error: unknown) => boolean,
): Promise<T | undefined>;
export async function answered<T>(
  command: Promise<T>,
  absent: (error: unknown) => boolean = () => false,
): Promise<T | undefined> {
  try {
    return await command;
  } catch (error) {
    if (absent(error)) return undefined;
    throw new TidingsError(isFull(error) ? 'storage-full' : 'unavailable', 'S3', { cause: error });
  }
}

/** There is no such object, or no such upload. */
export const isMissing = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;

/** S3 itself is never full; servers that keep files say it with one of these. */
const isFull = (error: unknown): boolean =>
  error instanceof S3ServiceException &&
  (error.$metadata.httpStatusCode === 507 ||
    /^(InsufficientStorage|XMinioStorageFull|QuotaExceeded)/.test(error.name));

/** It isn't held as it was said to be. */
export const missing = () => new TidingsError('unavailable', 'S3 does not have what it had');
