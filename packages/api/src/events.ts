import { z } from 'zod';
import { entrySchema } from './entry-schema.ts';
import { errorCodes } from './errors.ts';
import {
  conversationIdSchema,
  deviceIdSchema,
  seqSchema,
  sessionIdSchema,
  timestampSchema,
  userIdSchema,
} from './id-schemas.ts';

/**
 * Everything that a server pushes, in one union. A batch is what one socket got within a tick, in order.
 * All of them are hints: a device that lost any of them learns the same by reading (`sync.heads`, `message.read`).
 */
export const presenceSchema = z.object({
  userId: userIdSchema,
  /** `null`: this user doesn't show it to you. */
  online: z.boolean().nullable(),
  lastSeen: timestampSchema.nullable(),
});
export type Presence = z.infer<typeof presenceSchema>;

export const serverEventSchema = z.discriminatedUnion('type', [
  /**
   * Always the first event of a stream: from here on nothing that is appended can be missed, so read the heads now. Once more, when
   * the server finds that something can have been missed before: read them again.
   */
  z.object({
    type: z.literal('hello'),
    protocol: z.number().int(),
    userId: userIdSchema,
    deviceId: deviceIdSchema,
    sessionId: sessionIdSchema,
    serverTime: timestampSchema,
  }),
  z.object({ type: z.literal('entry'), entry: entrySchema }),
  /** Up to where all other members have it: the minimum over them, as far as you may know it. Only grows. */
  z.object({
    type: z.literal('marks'),
    conversationId: conversationIdSchema,
    delivered: seqSchema,
    read: seqSchema,
  }),
  /** Your own marks, moved by another device of yours. */
  z.object({
    type: z.literal('own-marks'),
    conversationId: conversationIdSchema,
    delivered: seqSchema,
    read: seqSchema,
  }),
  z.object({ type: z.literal('presence'), presence: presenceSchema }),
  /** Typing, of the conversation that this device watches; lasts `forMs` unless renewed, 0 ends it. */
  z.object({
    type: z.literal('typing'),
    conversationId: conversationIdSchema,
    userId: userIdSchema,
    forMs: z.number().int(),
  }),
  /** Profiles that changed: read them again when they are on screen. */
  z.object({ type: z.literal('profiles'), userIds: z.array(userIdSchema) }),
  /** The server ends this stream; what to do is in the error table. */
  z.object({ type: z.literal('bye'), reason: z.enum(errorCodes as [string, ...string[]]) }),
]);
export type ServerEvent = z.infer<typeof serverEventSchema>;
export type ServerEventOf<T extends ServerEvent['type']> = Extract<ServerEvent, { type: T }>;

export const eventBatchSchema = z.array(serverEventSchema);
export type EventBatch = readonly ServerEvent[];
