import type { MediaKind } from '@tidings/api/media';

/** What nobody shows or plays: a browser offers to save it, whatever is in it. */
export const unshown = 'application/octet-stream';
/** So many bytes from a file's beginning tell what it is. */
export const sniffedBytes = 64;

type Signature = { readonly type: string; readonly at: number; readonly bytes: string };

/**
 * The types that are shown or played here, by how their files begin. It is a list of what is harmless, not of what there is: whatever could
 * run (HTML, SVG, PDF, …) isn't on it, and a file that is two things at once is only ever taken for the harmless one.
 */
const signatures: readonly Signature[] = [
  { type: 'image/jpeg', at: 0, bytes: '\xff\xd8\xff' },
  { type: 'image/png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/gif', at: 0, bytes: 'GIF87a' },
  { type: 'image/gif', at: 0, bytes: 'GIF89a' },
  { type: 'image/webp', at: 8, bytes: 'WEBPVP8' },
  { type: 'image/avif', at: 4, bytes: 'ftypavif' },
  { type: 'image/avif', at: 4, bytes: 'ftypavis' },
  { type: 'video/quicktime', at: 4, bytes: 'ftypqt  ' },
  { type: 'audio/mp4', at: 4, bytes: 'ftypM4A ' },
  { type: 'video/mp4', at: 4, bytes: 'ftypmp4' },
  { type: 'video/mp4', at: 4, bytes: 'ftypiso' },
  { type: 'video/mp4', at: 4, bytes: 'ftypavc1' },
  { type: 'video/mp4', at: 4, bytes: 'ftypM4V' },
  { type: 'video/mp4', at: 4, bytes: 'ftypdash' },
  { type: 'video/mp4', at: 4, bytes: 'ftypMSNV' },
  { type: 'video/mp4', at: 4, bytes: 'ftyp3g' },
  { type: 'video/webm', at: 0, bytes: '\x1a\x45\xdf\xa3' },
  { type: 'audio/ogg', at: 0, bytes: 'OggS' },
  { type: 'audio/wav', at: 8, bytes: 'WAVE' },
  { type: 'audio/flac', at: 0, bytes: 'fLaC' },
  { type: 'audio/mpeg', at: 0, bytes: 'ID3' },
  { type: 'audio/aac', at: 0, bytes: '\xff\xf1' },
  { type: 'audio/aac', at: 0, bytes: '\xff\xf9' },
  { type: 'audio/mpeg', at: 0, bytes: '\xff\xfb' },
  { type: 'audio/mpeg', at: 0, bytes: '\xff\xf3' },
  { type: 'audio/mpeg', at: 0, bytes: '\xff\xf2' },
];

/** What a file is, by its first {@link sniffedBytes}; `application/octet-stream` when it isn't shown here. */
export function sniff(head: Uint8Array): string {
  const text = String.fromCharCode(...head.subarray(0, sniffedBytes));
  return signatures.find(({ at, bytes }) => text.startsWith(bytes, at))?.type ?? unshown;
}

/** The MP4 and WebM families say the same of sound alone: then the sender's word makes it sound. Nothing else of it is believed. */
export const playedAs = (type: string, kind: MediaKind): string =>
  kind === 'voice' || kind === 'audio' ? type.replace('video/', 'audio/') : type;
