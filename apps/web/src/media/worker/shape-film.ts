import { BlobSource, CanvasSink, Input, type InputVideoTrack } from 'mediabunny';
import { sniff, sniffedBytes } from '../sniff';
import { drawn, encoded, thumbhashOf } from './canvas';
import { withoutLocation } from './film-location';
import { filmFormats } from './formats';
import type { Shaped } from './shaped';
import { transcoded } from './transcode';

const posterSide = 1_280;
const posterQuality = 0.75;
/** Where in a film its poster is: later than the black that many begin with. */
const posterAtS = 1;

export type Work = { readonly signal: AbortSignal; readonly progress: (fraction: number) => void };

/**
 * A film with a frame of it: smaller where this browser can make it so and that saves something, else as it is, but without the place where it
 * was taken. One that this browser can't read is sent as it is, without a poster.
 */
export async function shapeFilm(file: Blob, keepLocation: boolean, work: Work): Promise<Shaped> {
  const input = new Input({ source: new BlobSource(file), formats: filmFormats });
  try {
    const seen = await look(input);
    const smaller = seen && (await transcoded(file, input, seen, work).catch(() => null));
    if (work.signal.aborted) throw work.signal.reason;
    const bytes = smaller ?? (keepLocation ? file : await withoutLocation(file));
    const mime = sniff(new Uint8Array(await bytes.slice(0, sniffedBytes).arrayBuffer()));
    return {
      bytes,
      ...(seen?.poster && { poster: seen.poster }),
      described: { mime, ...seen?.described },
      preview: seen?.poster ?? null,
    };
  } finally {
    input.dispose();
  }
}

export type Film = {
  readonly track: InputVideoTrack;
  readonly seconds: number;
  readonly canDecode: boolean;
  readonly poster: Blob | null;
  readonly described: Shaped['described'] extends infer D ? Omit<D, 'mime'> : never;
};

async function look(input: Input): Promise<Film | null> {
  try {
    const track = await input.getPrimaryVideoTrack();
    if (!track) return null;
    const [width, height, seconds, canDecode] = await Promise.all([
      track.getDisplayWidth(),
      track.getDisplayHeight(),
      input.computeDuration(),
      track.canDecode(),
    ]);
    // A browser may promise more than it can; of transparent films its policy forbids what would put their layers together.
    const frame = canDecode
      ? await frameOf(track, Math.min(posterAtS, seconds / 10)).catch(() => null)
      : null;
    const described = { width, height, durationMs: Math.round(seconds * 1_000) };
    return {
      ...{ track, seconds, canDecode: frame !== null },
      poster: frame && (await encoded(frame, posterQuality)),
      described: frame ? { ...described, thumbhash: thumbhashOf(frame) } : described,
    };
  } catch (error) {
    console.warn('a film that can not be read is sent as it is', error);
    return null;
  }
}

async function frameOf(track: InputVideoTrack, at: number): Promise<OffscreenCanvas | null> {
  const sink = new CanvasSink(track);
  const first = await track.getFirstTimestamp();
  const frame = (await sink.getCanvas(Math.max(first, at))) ?? (await sink.getCanvas(first));
  return frame && drawn(frame.canvas as OffscreenCanvas, posterSide);
}
