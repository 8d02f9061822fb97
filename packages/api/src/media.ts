import type { AssetId, UserId } from './ids.ts';
import { isAssetId, isUserId } from './ids.ts';
import { isFields, isText, optional } from './json.ts';

/** What people send besides text, as it stands inside a message's content: readable by devices only, made by other people's clients. */

/** An asset and how to open it. Whoever has this can have the file, so it never leaves the content of messages. */
export type EncryptedFile = {
  readonly asset: AssetId;
  /** BLAKE2b-512 of the ciphertext, base64url. */
  readonly check: string;
  /** Bytes of ciphertext. */
  readonly bytes: number;
  /** 32 bytes, base64url: of this file alone. See `packages/client/src/assets/cipher.ts` for the form of the ciphertext. */
  readonly key: string;
  /** Bytes of plaintext. */
  readonly size: number;
};

export const mediaKinds = ['image', 'video', 'audio', 'voice', 'document'] as const;
export type MediaKind = (typeof mediaKinds)[number];

export type MediaItem = {
  readonly kind: MediaKind;
  readonly file: EncryptedFile;
  /** What the sender says that it is; the receiver looks for itself before it shows anything. */
  readonly mime: string;
  /** As the sender's device called it; for showing and saving only, cleaned of paths. Documents and audio have one. */
  readonly name?: string | undefined;
  /** Pixels, as shown (orientation applied); images and videos. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Milliseconds; videos, audio and voice. */
  readonly durationMs?: number | undefined;
  /** Base64 of a ThumbHash: a blurred picture to show until the file is here; images and videos. */
  readonly thumbhash?: string | undefined;
  /** A frame of a video, as a JPEG or WebP. */
  readonly poster?: EncryptedFile | undefined;
  /** Base64 of 64 loudnesses, 0–255; voice. */
  readonly waveform?: string | undefined;
};

export const maxMediaItems = 10;

/** Degrees (WGS 84) and metres. */
export type Place = {
  readonly latitude: number;
  readonly longitude: number;
  readonly accuracy?: number | undefined;
  /** What the sender calls it. */
  readonly label?: string | undefined;
};

/** A person of this server, as the sender knows them. */
export type ContactCard = { readonly user: UserId; readonly name: string };

export const isMediaItem = (value: unknown): value is MediaItem => {
  if (!isFields(value)) return false;
  const { kind, file, mime, name, width, height, durationMs, thumbhash, poster, waveform } = value;
  return (
    mediaKinds.includes(kind as MediaKind) &&
    isEncryptedFile(file) &&
    isText(mime, 200) &&
    optional((text) => isText(text, 300), name) &&
    optional(isSide, width) &&
    optional(isSide, height) &&
    optional(isAmount, durationMs) &&
    optional((text) => isText(text, 100), thumbhash) &&
    optional(isEncryptedFile, poster) &&
    optional((text) => isText(text, 100), waveform)
  );
};

export const isEncryptedFile = (value: unknown): value is EncryptedFile =>
  isFields(value) &&
  isAssetId(value.asset) &&
  isText(value.check, 86) &&
  isAmount(value.bytes) &&
  isText(value.key, 43) &&
  isAmount(value.size);

export const isPlace = (value: unknown): value is Place =>
  isFields(value) &&
  isWithin(90, value.latitude) &&
  isWithin(180, value.longitude) &&
  optional(isAmount, value.accuracy) &&
  optional((text) => isText(text, 200), value.label);

export const isContactCard = (value: unknown): value is ContactCard =>
  isFields(value) && isUserId(value.user) && isText(value.name, 200);

/** All assets that items refer to, each once: what a message that carries them names beside its content. */
export const assetsOf = (items: readonly MediaItem[]): readonly AssetId[] => [
  ...new Set(items.flatMap(({ file, poster }) => (poster ? [file.asset, poster.asset] : [file.asset]))),
];

/** Only what this version knows: what it sends on is what it showed. */
export const mediaItemOf = (item: MediaItem): MediaItem => ({
  kind: item.kind,
  file: fileOf(item.file),
  mime: item.mime,
  ...pick(item, 'name', 'width', 'height', 'durationMs', 'thumbhash', 'waveform'),
  ...(item.poster && { poster: fileOf(item.poster) }),
});

export const placeOf = ({ latitude, longitude, ...rest }: Place): Place => ({
  latitude,
  longitude,
  ...pick(rest, 'accuracy', 'label'),
});

const fileOf = ({ asset, check, bytes, key, size }: EncryptedFile): EncryptedFile => ({
  asset,
  check,
  bytes,
  key,
  size,
});

function pick<T extends object, K extends keyof T>(from: T, ...names: readonly K[]): Partial<Pick<T, K>> {
  const picked: Partial<Pick<T, K>> = {};
  for (const name of names) if (from[name] !== undefined) picked[name] = from[name];
  return picked;
}

const isWithin = (limit: number, value: unknown): boolean =>
  typeof value === 'number' && Math.abs(value) <= limit;

const isAmount = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;

const isSide = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
