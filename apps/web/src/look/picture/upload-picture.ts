import { TidingsError } from '@tidings/api/errors';
import { type PictureId, pictureId } from '@tidings/api/ids';
import { paths } from '@tidings/api/protocol';
import { errorOf } from '@/auth/auth-api';

/** Stores a picture on the server. Rejects with a `TidingsError`. */
export async function uploadPicture(picture: Blob): Promise<PictureId> {
  let response: Response;
  try {
    response = await fetch(paths.pictures, {
      method: 'PUT',
      headers: { 'content-type': picture.type },
      body: picture,
      signal: AbortSignal.timeout(60_000),
    });
  } catch (cause) {
    throw new TidingsError('unavailable', 'picture', { cause });
  }
  if (!response.ok) throw await errorOf(response);
  return pictureId(((await response.json()) as { readonly pictureId: string }).pictureId);
}
