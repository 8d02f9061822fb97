import type { core } from 'zod';
import { TidingsError } from './errors.ts';

/**
 * Every id of the wire, as a branded type. Ids are opaque ASCII except `ConversationId`, whose form tells its kind (see
 * {@link conversationKind}). Nothing but this file and `id-schemas.ts` makes these types; clients start with this file alone, so it
 * brings no library along (docs/adr/0014-what-a-page-starts-with.md).
 */

/** A user: 8–64 characters `[A-Za-z0-9_-]`, given by the server. */
export type UserId = Id<'UserId'>;
/** One installation of a client, chosen by it at random once (128 bits) and kept in its local store. */
export type DeviceId = Id<'DeviceId'>;
/** A signed-in session on the server. Not a secret: the token is another value and never leaves the cookie. */
export type SessionId = Id<'SessionId'>;
/** The client's own id of one send, unique per device, the same on each retry. */
export type ClientId = Id<'ClientId'>;
/** One running WebSocket handler, new at each start: an old lease can't be mistaken for a new one. */
export type HandlerId = Id<'HandlerId'>;
/** A stored picture of a user or group: the hex SHA-256 of its bytes. */
export type PictureId = Id<'PictureId'>;
/** An encrypted file: the base64url SHA-256 of its ciphertext. */
export type AssetId = Id<'AssetId'>;
/** `direct:<a>:<b>` (user ids, a < b), `group:<id>`, or `account:<userId>` (the user's own log). */
export type ConversationId = Id<'ConversationId'>;
/** A position in a conversation's log: 1, 2, 3, …; 0 stands before the first. Safe integers only. */
export type Seq = number & core.$brand<'Seq'>;
/** Milliseconds since the epoch, by the server's clock unless said otherwise. */
export type Timestamp = number;

export type ConversationKind = 'direct' | 'group' | 'account';

type Id<Name extends string> = string & core.$brand<Name>;

export const idPatterns = {
  user: /^[A-Za-z0-9_-]{8,64}$/,
  device: /^[A-Za-z0-9_-]{16,64}$/,
  session: /^[A-Za-z0-9_-]{8,64}$/,
  client: /^[A-Za-z0-9_-]{8,64}$/,
  handler: /^[A-Za-z0-9_-]{4,64}$/,
  picture: /^[0-9a-f]{64}$/,
  asset: /^[A-Za-z0-9_-]{43}$/,
} as const;

/** Tells whether something from outside is an id. */
export const isUserId = (value: unknown): value is UserId => matches(idPatterns.user, value);
export const isDeviceId = (value: unknown): value is DeviceId => matches(idPatterns.device, value);
export const isClientId = (value: unknown): value is ClientId => matches(idPatterns.client, value);
export const isPictureId = (value: unknown): value is PictureId => matches(idPatterns.picture, value);
export const isAssetId = (value: unknown): value is AssetId => matches(idPatterns.asset, value);
export const isConversationId = (value: unknown): value is ConversationId =>
  typeof value === 'string' && value.length <= 160 && hasKind(value);
export const isSeq = (value: unknown): value is Seq =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= maxSeq;

export const maxSeq = 2 ** 48;

/** Each throws `bad-input` for what is none. */
export const userId = (value: string): UserId => must(isUserId, value);
export const deviceId = (value: string): DeviceId => must(isDeviceId, value);
export const clientId = (value: string): ClientId => must(isClientId, value);
export const pictureId = (value: string): PictureId => must(isPictureId, value);
export const assetId = (value: string): AssetId => must(isAssetId, value);
export const conversationId = (value: string): ConversationId => must(isConversationId, value);
export const sessionId = (value: string): SessionId => must(isSessionId, value);
export const handlerId = (value: string): HandlerId => must(isHandlerId, value);

/** Checked only for being a whole number ≥ 0: made on hot paths. Throws `RangeError` otherwise. */
export function seq(value: number): Seq {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a position: ${value}`);
  return value as Seq;
}

/** The one conversation of two users; the same whichever is named first. Throws when they are the same user. */
export function directId(a: UserId, b: UserId): ConversationId {
  if (a === b) throw new RangeError('a direct conversation needs two users');
  return (a < b ? `direct:${a}:${b}` : `direct:${b}:${a}`) as ConversationId;
}

export const groupId = (id: string): ConversationId => conversationId(`group:${id}`);
export const accountId = (user: UserId): ConversationId => `account:${user}` as ConversationId;

/** From a store or another handler, where the value was checked when it entered. */
export const trustedConversationId = (value: string): ConversationId => value as ConversationId;
export const trustedUserId = (value: string): UserId => value as UserId;

export function conversationKind(id: ConversationId): ConversationKind {
  if (id.startsWith('direct:')) return 'direct';
  return id.startsWith('group:') ? 'group' : 'account';
}

/** The two users of a direct conversation, or the one of an account log; `[]` for a group. */
export function usersNamedBy(id: ConversationId): readonly UserId[] {
  return conversationKind(id) === 'group' ? [] : (id.split(':').slice(1) as UserId[]);
}

/** The other user of a direct conversation; `null` when `self` isn't one of the two or it isn't direct. */
export function peerOf(id: ConversationId, self: UserId): UserId | null {
  if (conversationKind(id) !== 'direct') return null;
  const [a, b] = usersNamedBy(id);
  if (a === self) return b ?? null;
  return b === self ? (a ?? null) : null;
}

const userPart = '[A-Za-z0-9_-]{8,64}';
const directPattern = new RegExp(`^direct:(${userPart}):(${userPart})$`);
const groupPattern = new RegExp(`^group:${userPart}$`);
const accountPattern = new RegExp(`^account:(${userPart})$`);

function hasKind(value: string): boolean {
  const direct = directPattern.exec(value);
  if (direct) return (direct[1] as string) < (direct[2] as string);
  return groupPattern.test(value) || accountPattern.test(value);
}

const isSessionId = (value: unknown): value is SessionId => matches(idPatterns.session, value);
const isHandlerId = (value: unknown): value is HandlerId => matches(idPatterns.handler, value);

const matches = (pattern: RegExp, value: unknown): boolean =>
  typeof value === 'string' && pattern.test(value);

function must<T extends string>(is: (value: unknown) => value is T, value: string): T {
  if (!is(value)) throw new TidingsError('bad-input', `not an id of its kind: ${value.slice(0, 80)}`);
  return value;
}
