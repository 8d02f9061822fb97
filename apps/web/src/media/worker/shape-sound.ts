import { AudioSampleSink, BlobSource, Input } from 'mediabunny';
import { sniff, sniffedBytes, unshown } from '../sniff';
import { soundFormats } from './formats';
import { Loudness } from './loudness';
import type { Shaped } from './shaped';

/** A recording or a piece of music as it is, with its length; of a recording its loudness too, where this browser can decode it. */
export async function shapeSound(file: Blob, kind: 'audio' | 'voice'): Promise<Shaped> {
  const head = new Uint8Array(await file.slice(0, sniffedBytes).arrayBuffer());
  const type = sniff(head);
  const mime = type === unshown ? unshown : type.replace('video/', 'audio/');
  return { bytes: file, described: { mime, ...(await listen(file, kind).catch(unread)) }, preview: null };
}

async function listen(
  file: Blob,
  kind: 'audio' | 'voice',
): Promise<Pick<Shaped['described'], 'durationMs' | 'waveform'>> {
  const input = new Input({ source: new BlobSource(file), formats: soundFormats });
  try {
    const track = await input.getPrimaryAudioTrack();
    if (!track) return {};
    const seconds = await track.computeDuration();
    const durationMs = Math.round(seconds * 1_000);
    if (kind === 'audio' || !(await track.canDecode())) return { durationMs };
    const loudness = new Loudness(seconds);
    for await (const sample of new AudioSampleSink(track).samples()) {
      const values = new Float32Array(sample.numberOfFrames);
      sample.copyTo(values, { planeIndex: 0, format: 'f32-planar' });
      loudness.add(sample.timestamp, values);
      sample.close();
    }
    return { durationMs, waveform: loudness.waveform() };
  } finally {
    input.dispose();
  }
}

function unread(error: unknown): Record<string, never> {
  console.warn('sound that can not be read is sent as it is', error);
  return {};
}
