/** Why there is no recording. Names of sentences. */
export type RecordProblem = 'denied' | 'missing' | 'unsupported';

export type Recorded = {
  readonly file: File;
  readonly durationMs: number;
  readonly loudness: readonly number[];
};

/** What browsers write speech in, the best first. */
const types = ['audio/webm;codecs=opus', 'audio/mp4;codecs=mp4a.40.2', 'audio/mp4', 'audio/ogg;codecs=opus'];

/** Of speech: good, and small. */
const bitsPerSecond = 32_000;
/** How often its loudness is looked at. */
const lookMs = 60;

export type RecorderParts = {
  /** How loud it is, 0–1, and how long it has been, several times a second. */
  heard(level: number, elapsedMs: number): void;
};

/** One recording from the microphone. */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #chunks: Blob[] = [];
  readonly #loudness: number[] = [];
  readonly #stream: MediaStream;
  readonly #recorder: MediaRecorder;
  readonly #context = new AudioContext();
  readonly #timer: ReturnType<typeof setInterval>;
  #startedAt = 0;

  private constructor(stream: MediaStream, type: string, parts: RecorderParts) {
    this.#stream = stream;
    this.#parts = parts;
    this.#recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: bitsPerSecond });
    this.#recorder.addEventListener('dataavailable', ({ data }) => this.#chunks.push(data));
    this.#recorder.start(1_000);
    this.#startedAt = performance.now();
    const level = levelOf(this.#context, stream);
    this.#timer = setInterval(() => {
      const now = level();
      this.#loudness.push(now);
      this.#parts.heard(now, this.#elapsedMs());
    }, lookMs);
  }

  /** Asks for the microphone and begins. Rejects with a {@link RecordProblem}. */
  static async start(parts: RecorderParts): Promise<Recorder> {
    const type = globalThis.MediaRecorder && types.find((type) => MediaRecorder.isTypeSupported(type));
    if (!type) throw 'unsupported' satisfies RecordProblem;
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    const stream = await navigator.mediaDevices.getUserMedia({ audio }).catch((error: DOMException) => {
      throw (error.name === 'NotAllowedError' ? 'denied' : 'missing') satisfies RecordProblem;
    });
    return new Recorder(stream, type, parts);
  }

  /** Ends it; the microphone is off when it answers. */
  async stop(): Promise<Recorded> {
    const durationMs = this.#elapsedMs();
    const ended = new Promise((resolve) => this.#recorder.addEventListener('stop', resolve, { once: true }));
    this.#recorder.stop();
    await ended;
    this.#release();
    const type = this.#recorder.mimeType;
    const ending = type.startsWith('audio/mp4') ? 'm4a' : type.startsWith('audio/ogg') ? 'ogg' : 'weba';
    return {
      file: new File(this.#chunks, `voice.${ending}`, { type }),
      durationMs,
      loudness: this.#loudness,
    };
  }

  /** Gives it up. */
  cancel(): void {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    this.#release();
  }

  #elapsedMs = (): number => performance.now() - this.#startedAt;

  #release(): void {
    clearInterval(this.#timer);
    for (const track of this.#stream.getTracks()) track.stop();
    if (this.#context.state !== 'closed') void this.#context.close();
  }
}

/** The loudness of this moment, 0–1, as the ear takes it: the root mean square on a scale of 50 dB. */
function levelOf(context: AudioContext, stream: MediaStream): () => number {
  const analyser = context.createAnalyser();
  analyser.fftSize = 1_024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return () => {
    analyser.getFloatTimeDomainData(samples);
    const mean = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    const decibels = 10 * Math.log10(mean + 1e-10);
    return Math.min(1, Math.max(0, (decibels + 50) / 45));
  };
}
