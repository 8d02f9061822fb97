import type { MediaKind } from '@tidings/api/media';
import type { PrepareWish } from './port';

/** Pictures that every browser decodes. SVG is a program in disguise, HEIC shows on few devices: both go as documents. */
const pictures = /^image\/(jpeg|png|gif|webp|avif|bmp)$/;
const sounds = /^audio\/(mpeg|mp4|aac|ogg|opus|webm|wav|wave|x-wav|flac|x-m4a|x-flac)$/;
const films = /^video\/(mp4|webm|quicktime|x-m4v|x-matroska|3gpp)$/;

/** What a picked file is sent as. */
export function kindOf(type: string, { as }: PrepareWish): MediaKind {
  if (as) return as;
  const [bare = ''] = type.toLowerCase().split(';');
  if (pictures.test(bare)) return 'image';
  if (films.test(bare)) return 'video';
  return sounds.test(bare) ? 'audio' : 'document';
}
