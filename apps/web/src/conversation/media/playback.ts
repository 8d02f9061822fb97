import type { ErrorCode } from '@tidings/api/errors';
import type { ConversationId, Seq } from '@tidings/api/ids';
import type { MediaItem } from '@tidings/api/media';
import type { Media, PlayableUrl } from '@/media/port';
import { codeOf } from './use-file';

/** Something to listen to. */
export type Track = {
  readonly key: string;
  readonly conversation: ConversationId;
  readonly seq: Seq | null;
  readonly item: MediaItem;
};

export type Playing = {
  readonly state: 'idle' | 'loading' | 'playing' | 'paused';
  readonly positionMs: number;
  readonly failed: ErrorCode | null;
};

export const rates = [1, 1.5, 2] as const;
export type Rate = (typeof rates)[number];

export type PlaybackParts = {
  readonly media: Pick<Media, 'stream'>;
  readonly audio: HTMLAudioElement;
  /** A voice message began to play. */
  readonly began: (track: Track) => void;
  /** What plays after a voice message that was heard to its end. */
  readonly next: (track: Track) => Promise<Track | null>;
};

const idle: Playing = { state: 'idle', positionMs: 0, failed: null };

/** How often a position is told while something plays. */
const everyMs = 100;

/** What one listens to: one thing at a time, and it goes on while one scrolls or opens another chat. */
export class Playback {
  readonly #parts: PlaybackParts;
  readonly #audio: HTMLAudioElement;
  readonly #listeners = new Set<() => void>();
  /** Where one stopped listening. */
  readonly #left = new Map<string, Playing>();
  #track: Track | null = null;
  #now: Playing = idle;
  #url: PlayableUrl | null = null;
  #rate: Rate = 1;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: PlaybackParts) {
    this.#parts = parts;
    this.#audio = parts.audio;
    this.#audio.preservesPitch = true;
    this.#audio.addEventListener('playing', () => this.#is('playing'));
    this.#audio.addEventListener('waiting', () => this.#is('loading'));
    this.#audio.addEventListener('pause', () => !this.#audio.ended && this.#is('paused'));
    this.#audio.addEventListener('ended', () => this.#ended());
    this.#audio.addEventListener('error', () => this.#url && this.#fail('asset-broken'));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  of(key: string): Playing {
    return this.#track?.key === key ? this.#now : (this.#left.get(key) ?? idle);
  }

  rate = (): Rate => this.#rate;

  /** Plays, or pauses, from where one was. */
  toggle(track: Track): void {
    const { state } = this.of(track.key);
    if (state === 'playing' || state === 'loading') this.#audio.pause();
    else void this.play(track);
  }

  async play(track: Track, fromMs = this.of(track.key).positionMs): Promise<void> {
    if (this.#track?.key !== track.key || !this.#url) await this.#load(track);
    if (this.#track?.key !== track.key || !this.#url) return;
    const { durationMs = Number.POSITIVE_INFINITY } = track.item;
    this.#audio.currentTime = (fromMs >= durationMs - 50 ? 0 : fromMs) / 1_000;
    this.#audio.playbackRate = this.#rate;
    this.#parts.began(track);
    // Refused without a press, or given up for another one: then it stays paused.
    await this.#audio.play().catch(() => this.#is('paused'));
  }

  seek(track: Track, positionMs: number): void {
    if (this.#track?.key === track.key && this.#url) {
      this.#audio.currentTime = positionMs / 1_000;
      this.#set({ ...this.#now, positionMs });
    } else {
      this.#left.set(track.key, { state: 'paused', positionMs, failed: null });
      this.#tell();
    }
  }

  nextRate(): void {
    this.#rate = rates[(rates.indexOf(this.#rate) + 1) % rates.length] ?? 1;
    this.#audio.playbackRate = this.#rate;
    this.#tell();
  }

  /** For a video that begins: two sounds at once are none. */
  pause(): void {
    this.#audio.pause();
  }

  async #load(track: Track): Promise<void> {
    this.#unload();
    this.#track = track;
    this.#set({ ...(this.#left.get(track.key) ?? idle), state: 'loading', failed: null });
    try {
      const url = await this.#parts.media.stream(track.conversation, track.item);
      if (this.#track !== track) return url.release();
      this.#url = url;
      this.#audio.src = url.url;
    } catch (error) {
      if (this.#track === track) this.#fail(codeOf(error));
    }
  }

  #unload(): void {
    clearInterval(this.#timer);
    if (this.#track) this.#left.set(this.#track.key, { ...this.#now, state: 'paused' });
    const url = this.#url;
    this.#url = null;
    this.#track = null;
    this.#audio.pause();
    this.#audio.removeAttribute('src');
    url?.release();
  }

  #ended(): void {
    const track = this.#track;
    this.#unload();
    if (!track) return;
    this.#left.set(track.key, idle);
    this.#tell();
    if (track.item.kind !== 'voice') return;
    void this.#parts.next(track).then((next) => {
      // Whoever began something else meanwhile wants that.
      if (next && !this.#track) void this.play(next);
    });
  }

  #is(state: 'playing' | 'paused' | 'loading'): void {
    if (!this.#url) return;
    clearInterval(this.#timer);
    if (state === 'playing') this.#timer = setInterval(() => this.#moved(), everyMs);
    this.#set({ state, positionMs: this.#audio.currentTime * 1_000, failed: null });
  }

  #moved(): void {
    this.#set({ ...this.#now, positionMs: this.#audio.currentTime * 1_000 });
  }

  #fail(failed: ErrorCode): void {
    const track = this.#track;
    this.#unload();
    if (track) this.#left.set(track.key, { ...idle, failed });
    this.#tell();
  }

  #set(now: Playing): void {
    this.#now = now;
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
