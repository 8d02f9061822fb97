import {
  BufferTarget,
  Conversion,
  getFirstEncodableVideoCodec,
  type Input,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import type { Film, Work } from './shape-film';

/** The shorter side of a film that is sent as one. */
const shorterSide = 720;
/** Bits per second: of the film, and beyond which a smaller one is made though its size is right. */
const targetBitrate = 2_000_000;
const lavishBitrate = 4_000_000;
/** Larger results would not be made in memory; and what is small needs none. */
const mostBytes = 256 * 1024 * 1024;
const smallBytes = 2 * 1024 * 1024;

/** A smaller copy, at most 720 pixels on the shorter side; `null` when this browser can't make one or it would save nothing. */
export async function transcoded(
  file: Blob,
  input: Input,
  film: Film,
  { signal, progress }: Work,
): Promise<Blob | null> {
  const { width = 0, height = 0 } = film.described;
  const scale = Math.min(1, shorterSide / Math.min(width, height));
  const bitrate = (file.size * 8) / Math.max(1, film.seconds);
  const expected = (film.seconds * targetBitrate) / 8;
  if (!film.canDecode || file.size < smallBytes || expected > Math.min(mostBytes, file.size * 0.9))
    return null;
  if (scale === 1 && bitrate < lavishBitrate) return null;
  const size = { width: even(width * scale), height: even(height * scale) };
  const codec = await getFirstEncodableVideoCodec(['avc', 'vp9'], { ...size, bitrate: targetBitrate });
  if (!codec) return null;
  const target = new BufferTarget();
  const format = codec === 'avc' ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat();
  const output = new Output({ format, target });
  const video = { ...size, fit: 'contain', codec, bitrate: targetBitrate } as const;
  const conversion = await Conversion.init({
    input,
    output,
    tracks: 'primary',
    video,
    tags: {},
    showWarnings: false,
  });
  // A film without its sound is another film.
  if (!conversion.isValid || conversion.discardedTracks.length > 0) return null;
  conversion.onProgress = progress;
  signal.addEventListener('abort', () => void conversion.cancel().catch(() => {}));
  await conversion.execute();
  if (!target.buffer || target.buffer.byteLength >= file.size) return null;
  return new Blob([target.buffer], { type: codec === 'avc' ? 'video/mp4' : 'video/webm' });
}

const even = (side: number): number => 2 * Math.round(side / 2);
