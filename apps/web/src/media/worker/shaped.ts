import type { MediaItem } from '@tidings/api/media';

/** A picked file as it is sent, before it is encrypted: and what the message says of it. */
export type Shaped = {
  readonly bytes: Blob;
  readonly poster?: Blob;
  readonly described: Pick<MediaItem, 'mime' | 'width' | 'height' | 'durationMs' | 'thumbhash' | 'waveform'>;
  /** A picture to show of it. */
  readonly preview: Blob | null;
};
