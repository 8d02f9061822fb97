import { z } from 'zod';
import { maxAssetsPerMessage } from './asset.ts';
import { maxContentBytes } from './entry.ts';
import { entrySchema } from './entry-schema.ts';
import { type ErrorCode, errorCodes } from './errors.ts';
import {
  assetIdSchema,
  clientIdSchema,
  conversationIdSchema,
  seqSchema,
  timestampSchema,
  userIdSchema,
} from './id-schemas.ts';
import { limits } from './protocol.ts';
import { type Caller, router, signedIn } from './trpc.ts';

/** Sends in one call, and ranges in one call. */
export const maxBatch = limits.batch;
/** Entries that one `message.read` answers with, over all its ranges. */
export const maxPage = limits.page;

const encoder = new TextEncoder();
/** A character takes at most three bytes per UTF-16 unit, so only long strings need to be encoded to be measured. */
const fits = (text: string): boolean =>
  text.length * 3 <= maxContentBytes ||
  (text.length <= maxContentBytes && encoder.encode(text).length <= maxContentBytes);

const contentSchema = z
  .string()
  .refine(fits, 'content is too large')
  // Half of a surrogate pair can't be stored as it is: what is pushed and what is read must be the same.
  .refine((text) => text.isWellFormed(), 'content is not well-formed Unicode');

export const outgoingSchema = z.object({
  conversationId: conversationIdSchema,
  clientId: clientIdSchema,
  kind: z.enum(['message', 'edit', 'delete', 'reaction']),
  /** Of an edit, delete or reaction: the message it is about. Absent on a message. */
  target: seqSchema.optional(),
  /** Empty on a delete. */
  content: contentSchema,
  /**
   * Of a message: the assets that its content refers to. Each must be the sender's by an offer that was fulfilled, or carried by a message
   * that the sender may read (a forward); else `asset-missing`. Who may read the message may have them, for as long as it is there.
   */
  assets: z.array(assetIdSchema).min(1).max(maxAssetsPerMessage).optional(),
  /** Set on every attempt but the first: the head that the device knew when it first tried. */
  retrySince: seqSchema.optional(),
});
export type Outgoing = z.infer<typeof outgoingSchema>;

/** Per message: where it stands, or why it doesn't. `again`: the call found it already there. */
export const sendResultSchema = z.union([
  z.object({
    clientId: clientIdSchema,
    seq: seqSchema,
    sentAt: timestampSchema,
    again: z.literal(true).optional(),
  }),
  z.object({
    clientId: clientIdSchema,
    error: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]),
    retryAfterMs: z.number().optional(),
  }),
]);
export type SendResult = z.infer<typeof sendResultSchema>;

export const readRangeSchema = z.object({
  conversationId: conversationIdSchema,
  /** First and last position wanted, both included. `last` may lie beyond the head. */
  first: seqSchema,
  last: seqSchema,
  /** With a limit, from which end: `newest` gives the page that ends at `last` (or the head). */
  from: z.enum(['oldest', 'newest']),
  limit: z.number().int().min(1).max(maxPage),
});
export type ReadRange = z.infer<typeof readRangeSchema>;

/**
 * The answer to one range. Complete and final between `first` and `last`: every position in it is among `entries`
 * (ascending). `last < first` means that nothing is there (yet): a younger hole is in the way when `holeRetryMs` is set,
 * and the same read succeeds after it.
 */
export const rangePageSchema = z.object({
  conversationId: conversationIdSchema,
  first: seqSchema,
  last: seqSchema,
  head: seqSchema,
  entries: z.array(entrySchema),
  /** Edits, deletions and reactions from above `last` whose target lies in the page. */
  effects: z.array(entrySchema),
  holeRetryMs: z.number().optional(),
  error: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]).optional(),
});
export type RangePage = z.infer<typeof rangePageSchema>;

/** When each member had a message. `null`: not yet, or not shown to you. */
export const messageInfoSchema = z.object({
  sentAt: timestampSchema,
  members: z.array(
    z.object({
      userId: userIdSchema,
      deliveredAt: timestampSchema.nullable(),
      readAt: timestampSchema.nullable(),
    }),
  ),
});
export type MessageInfo = z.infer<typeof messageInfoSchema>;

export interface MessageApi {
  /**
   * Appends in the order given (per conversation) and answers when each accepted message is durable and on its way.
   * A failure of one is in its result and does not stop the others, except later ones of the same conversation after an
   * error with retry `later`: they fail with it, so that order is kept. Idempotent by (sender, device, clientId).
   */
  send(caller: Caller, messages: readonly Outgoing[]): Promise<readonly SendResult[]>;
  /** Pages of logs. What the caller may not read is not there: a range is cut to its membership. Answers in the order asked. */
  read(caller: Caller, ranges: readonly ReadRange[]): Promise<readonly RangePage[]>;
  /** Who has one message; only its sender may ask. Members at the time of asking, who could read it. */
  info(
    caller: Caller,
    conversationId: z.infer<typeof conversationIdSchema>,
    seq: z.infer<typeof seqSchema>,
  ): Promise<MessageInfo>;
}

export const messageRouter = router({
  send: signedIn
    .input(z.object({ messages: z.array(outgoingSchema).min(1).max(maxBatch) }))
    .mutation(({ ctx, input }) => ctx.services.messages.send(ctx.caller, input.messages)),
  read: signedIn
    .input(z.object({ ranges: z.array(readRangeSchema).min(1).max(maxBatch) }))
    .query(({ ctx, input }) => ctx.services.messages.read(ctx.caller, input.ranges)),
  info: signedIn
    .input(z.object({ conversationId: conversationIdSchema, seq: seqSchema }))
    .query(({ ctx, input }) => ctx.services.messages.info(ctx.caller, input.conversationId, input.seq)),
});
