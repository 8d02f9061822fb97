import type { Quote } from '@tidings/api/content';
import type { ErrorCode } from '@tidings/api/errors';
import type { ClientId, ConversationId } from '@tidings/api/ids';
import type { EncryptedFile, MediaItem, MediaKind } from '@tidings/api/media';

/**
 * What the views ask of this device's media: one per tab (`client.media`). Work goes on in workers; nothing here blocks the page. What failed rejects
 * with a `TidingsError`, or shows as a state below.
 */
export interface Media {
  /** Begins to make a file ready: shrinks, strips, makes the poster. Begun when a file is picked, so that it is done when the user sends it. */
  prepare(file: File, wish: PrepareWish): Preparation;
  /**
   * One message with these, one to ten, in order. Durable when it answers: it survives that the page closes, goes on when it opens again, and
   * keeps its place among what is sent to the conversation (ASSET10). Preparations that aren't done are finished first.
   */
  send(
    conversation: ConversationId,
    preparations: readonly Preparation[],
    caption: { readonly text: string; readonly replyTo?: Quote | undefined },
  ): Promise<ClientId>;
  /** How far the sending of an outbox item is; `null` when it has no media or nothing is to be told. */
  sending(client: ClientId): Readable<SendingState | null>;

  /** What this device has of a received or sent file, following it as it comes. `fetch` makes it come. */
  file(file: EncryptedFile): Readable<FileState>;
  /** Fetches and checks a file and keeps it on this device; harmless when it is here or on its way. `kind`: as what it counts in `usage`. */
  fetch(conversation: ConversationId, file: EncryptedFile, kind?: MediaKind): void;
  /** Stops a fetch; what came is kept, and a later fetch goes on from there. */
  cancelFetch(file: EncryptedFile): void;
  /**
   * The decrypted file, fetched when it isn't here. `type` is what its bytes are (sniffed), or `application/octet-stream`; never a type that
   * a browser would run. Rejects with `asset-broken`, `not-found`, `unavailable`, or `storage-full`.
   */
  open(conversation: ConversationId, file: EncryptedFile, kind?: MediaKind): Promise<Blob>;
  /**
   * A URL for `<video>` and `<audio>` that answers ranges and decrypts as it goes, without waiting for the whole file; a `blob:` URL of the whole
   * file where that can't be had. To be released by `release` when nothing plays it.
   */
  stream(conversation: ConversationId, item: MediaItem): Promise<PlayableUrl>;

  /** Bytes that media take on this device, per conversation and kind; to be told in Settings. */
  usage(): Promise<MediaUsage>;
  /** Takes files off this device (they can be fetched again as long as the server has them); what waits to be sent stays. Answers the bytes freed. */
  free(what: {
    readonly conversation?: ConversationId;
    readonly kinds?: readonly MediaKind[];
  }): Promise<number>;
  readonly rules: AutoFetchRules;
}

/** `null` says: as the sender's device sees fit. */
export type PrepareWish = {
  /** `document`: the file as it is, with its name (“send as file”). `voice`: a recording. */
  readonly as?: 'document' | 'voice' | undefined;
  /** Photos keep where they were taken. */
  readonly keepLocation?: boolean | undefined;
};

export interface Preparation {
  readonly id: string;
  readonly file: File;
  /** What it will be sent as. */
  readonly kind: MediaKind;
  readonly state: Readable<PreparationState>;
  /** The user took it out again. */
  discard(): void;
}

export type PreparationState =
  /** `fraction` 0–1. `preview`: a `blob:` URL of a picture to show, as soon as there is one. */
  | { readonly type: 'working'; readonly fraction: number; readonly preview: string | null }
  | {
      readonly type: 'ready';
      readonly preview: string | null;
      readonly size: number;
      readonly width?: number;
      readonly height?: number;
      readonly durationMs?: number;
      readonly waveform?: string;
    }
  /** `too-large`, `bad-input` (broken, or a picture of absurd size), `storage-full`. */
  | { readonly type: 'refused'; readonly code: ErrorCode };

export type SendingState =
  | { readonly type: 'preparing'; readonly fraction: number }
  | { readonly type: 'uploading'; readonly sent: number; readonly total: number }
  /** No line, or something before it in the conversation. */
  | { readonly type: 'waiting' };

export type FileState =
  | { readonly type: 'absent' }
  | { readonly type: 'fetching'; readonly received: number; readonly total: number }
  | { readonly type: 'here' }
  /** `asset-broken`: what came isn't what was sent. `not-found`: deleted, or never arrived. `retry` by `fetch`. */
  | { readonly type: 'failed'; readonly code: ErrorCode };

export type PlayableUrl = { readonly url: string; release(): void };

export type MediaUsage = {
  readonly total: number;
  readonly conversations: ReadonlyMap<ConversationId, number>;
  readonly kinds: Readonly<Record<MediaKind, number>>;
};

/** When to fetch without being asked: per kind, in the background, for what is on the screen. */
export interface AutoFetchRules {
  get(): Readonly<Record<AutoFetchKind, AutoFetch>>;
  set(kind: AutoFetchKind, when: AutoFetch): void;
  subscribe(listener: () => void): () => void;
  /** By the rules, the kind of network and the file's size. */
  allows(kind: MediaKind, size: number): boolean;
}
export const autoFetchKinds = ['image', 'video', 'audio', 'document'] as const;
export type AutoFetchKind = (typeof autoFetchKinds)[number];
export type AutoFetch = 'always' | 'unmetered' | 'never';

/** For `useSyncExternalStore`. */
export type Readable<T> = { get(): T; subscribe(listener: () => void): () => void };
