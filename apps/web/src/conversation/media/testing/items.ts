import { assetId } from '@tidings/api/ids';
import type { EncryptedFile, MediaItem } from '@tidings/api/media';

/** Items as other people's devices send them, for tests. */
export const aFile = (name = 'a'): EncryptedFile => ({
  asset: assetId(name.padEnd(43, '-')),
  check: name.padEnd(86, '-'),
  bytes: 2_000,
  key: 'k'.repeat(43),
  size: 1_900,
});

export const aPicture = (changes: Partial<MediaItem> = {}): MediaItem => ({
  kind: 'image',
  file: aFile('picture'),
  mime: 'image/webp',
  width: 1600,
  height: 1200,
  ...changes,
});

export const aVideo = (changes: Partial<MediaItem> = {}): MediaItem => ({
  kind: 'video',
  file: aFile('video'),
  mime: 'video/mp4',
  width: 1280,
  height: 720,
  durationMs: 12_000,
  ...changes,
});

export const aDocument = (changes: Partial<MediaItem> = {}): MediaItem => ({
  kind: 'document',
  file: aFile('document'),
  mime: 'application/pdf',
  name: 'Plan.pdf',
  ...changes,
});

export const aVoice = (changes: Partial<MediaItem> = {}): MediaItem => ({
  kind: 'voice',
  file: aFile('voice'),
  mime: 'audio/webm',
  durationMs: 12_000,
  waveform: btoa(String.fromCharCode(...Array.from({ length: 64 }, (_, index) => (index * 4) % 256))),
  ...changes,
});
