import type { MediaKind } from '@tidings/api/media';
import type { PrepareWish } from '../port';
import { unshown } from '../sniff';
import type { Work } from './shape-film';
import { shapePicture } from './shape-picture';
import type { Shaped } from './shaped';

/** A picked file as it is sent. What reads films and sound is large, and loaded when there is some. */
export async function shape(file: File, kind: MediaKind, wish: PrepareWish, work: Work): Promise<Shaped> {
  switch (kind) {
    case 'image':
      return shapePicture(file, wish.keepLocation ?? false);
    case 'video':
      return (await import('./shape-film')).shapeFilm(file, wish.keepLocation ?? false, work);
    case 'audio':
    case 'voice':
      return (await import('./shape-sound')).shapeSound(file, kind);
    case 'document':
      return { bytes: file, described: { mime: file.type || unshown }, preview: null };
  }
}
