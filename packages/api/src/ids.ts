import { z } from 'zod';

/**
 * Every id of the wire, as a branded type and the schema that makes it. Nothing else casts to these types.
 * Ids are opaque ASCII except `ConversationId`, whose form tells its kind (see {@link conversationKind}).
 */

const token = (min: number, max: number) => z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${min},${max}}$`));

/** A user: 8–64 characters `[A-Za-z0-9_-]`, given by the server. */
export const userIdSchema = token(8, 64).brand('UserId');
export type UserId = z.infer<typeof userIdSchema>;

/** One installation of a client, chosen by it at random once (128 bits) and kept in its local store. */
export const deviceIdSchema = token(16, 64).brand('DeviceId');
export type DeviceId = z.infer<typeof deviceIdSchema>;

/** A signed-in session on the server. Not a secret: the token is another value and never leaves the cookie. */
export const sessionIdSchema = token(8, 64).brand('SessionId');
export type SessionId = z.infer<typeof sessionIdSchema>;

/** The client's own id of one send, unique per device, the same on each retry. */
export const clientIdSchema = token(8, 64).brand('ClientId');
export type ClientId = z.infer<typeof clientIdSchema>;

/** One running WebSocket handler, new at each start: an old lease can't be mistaken for a new one. */
export const handlerIdSchema = token(4, 64).brand('HandlerId');
export type HandlerId = z.infer<typeof handlerIdSchema>;

/** A stored picture of a user or group: the hex SHA-256 of its bytes. */
export const pictureIdSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand('PictureId');
export type PictureId = z.infer<typeof pictureIdSchema>;

const userPart = '[A-Za-z0-9_-]{8,64}';
const directPattern = new RegExp(`^direct:(${userPart}):(${userPart})$`);
const groupPattern = new RegExp(`^group:${userPart}$`);
const accountPattern = new RegExp(`^account:(${userPart})$`);

/** `direct:<a>:<b>` (user ids, a < b), `group:<id>`, or `account:<userId>` (the user's own log). */
export const conversationIdSchema = z
  .string()
  .max(160)
  .refine(isConversationId, 'not a conversation id')
  .brand('ConversationId');
export type ConversationId = z.infer<typeof conversationIdSchema>;

/** A position in a conversation's log: 1, 2, 3, …; 0 stands before the first. Safe integers only. */
export const seqSchema = z
  .number()
  .int()
  .min(0)
  .max(2 ** 48)
  .brand('Seq');
export type Seq = z.infer<typeof seqSchema>;

/** Milliseconds since the epoch, by the server's clock unless said otherwise. */
export const timestampSchema = z.number().int().min(0);
export type Timestamp = z.infer<typeof timestampSchema>;

export type ConversationKind = 'direct' | 'group' | 'account';

export const userId = (value: string): UserId => userIdSchema.parse(value);
export const deviceId = (value: string): DeviceId => deviceIdSchema.parse(value);
export const sessionId = (value: string): SessionId => sessionIdSchema.parse(value);
export const clientId = (value: string): ClientId => clientIdSchema.parse(value);
export const handlerId = (value: string): HandlerId => handlerIdSchema.parse(value);
export const pictureId = (value: string): PictureId => pictureIdSchema.parse(value);

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

export const groupId = (id: string): ConversationId => conversationIdSchema.parse(`group:${id}`);
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

function isConversationId(value: string): boolean {
  const direct = directPattern.exec(value);
  if (direct) return (direct[1] as string) < (direct[2] as string);
  return groupPattern.test(value) || accountPattern.test(value);
}
