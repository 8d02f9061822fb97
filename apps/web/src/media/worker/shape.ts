import type { MediaKind } from '@tidings/api/media';
import type { PrepareWish } from '../port';
import { unshown } from '../sniff';
import { shapeFilm, type Work } from './shape-film';
import { shapePicture } from './shape-picture';
import { shapeSound } from './shape-sound';
import type { Shaped } from './shaped';

/** A picked file as it is sent. */
export function shape(file: File, kind: MediaKind, wish: PrepareWish, work: Work): Promise<Shaped> {
  switch (kind) {
    case 'image':
      return shapePicture(file, wish.keepLocation ?? false);
    case 'video':
      return shapeFilm(file, wish.keepLocation ?? false, work);
    case 'audio':
    case 'voice':
      return shapeSound(file, kind);
    case 'document':
      return Promise.resolve({ bytes: file, described: { mime: file.type || unshown }, preview: null });
  }
}
