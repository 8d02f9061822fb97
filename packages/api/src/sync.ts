import { z } from 'zod';
import { groupRoles } from './content.ts';
import { entrySchema } from './entry-schema.ts';
import type { EventBatch } from './events.ts';
import {
  conversationIdSchema,
  pictureIdSchema,
  seqSchema,
  timestampSchema,
  userIdSchema,
} from './id-schemas.ts';
import { type Caller, router, signedIn } from './trpc.ts';

/** What a device needs to know of a conversation before it reads any of it. */
export const headSchema = z.object({
  conversationId: conversationIdSchema,
  kind: z.enum(['direct', 'group']),
  /** The last position that the caller may read: the log's head, or `removedSeq`. */
  head: seqSchema,
  /** First position that the caller may read. */
  joinedSeq: seqSchema,
  /** Set when the caller is no member any more: the last position they may read. */
  removedSeq: seqSchema.nullable(),
  role: z.enum(groupRoles),
  delivered: seqSchema,
  read: seqSchema,
  /** Minimum over the other members, as `marks` events tell. */
  othersDelivered: seqSchema,
  othersRead: seqSchema,
  /** Entries that count in (read, head], at most 1,000 (which means: or more). */
  unread: z.number().int(),
  /** When the entry at the head was sent; the order of the chat list. */
  headAt: timestampSchema,
  /** The newest entry that shows as a line, when it is within the last few entries. */
  last: entrySchema.nullable(),
  group: z
    .object({
      name: z.string(),
      description: z.string(),
      iconId: pictureIdSchema.nullable(),
      memberCount: z.number().int(),
    })
    .nullable(),
  /** Of a direct conversation. */
  peer: userIdSchema.nullable(),
});
export type Head = z.infer<typeof headSchema>;

export const headsPageSchema = z.object({
  heads: z.array(headSchema),
  /** Give it back to get the next page; absent on the last. */
  next: z.string().optional(),
  accountHead: seqSchema,
});
export type HeadsPage = z.infer<typeof headsPageSchema>;

export interface SyncApi {
  /**
   * The caller's conversations, the one with the newest entry first, `limit` (≤ 200) a page; or only those named.
   * Called after `hello`, it contains every entry that was acknowledged before the call.
   */
  heads(caller: Caller, query: HeadsQuery): Promise<HeadsPage>;
}

export interface StreamApi {
  /**
   * Registers this connection, then yields `hello`, then batches until `signal` aborts or the server ends it with `bye`.
   * One stream per connection; a second one on the same connection fails with `conflict`.
   */
  open(
    caller: Caller,
    connection: object | undefined,
    signal: AbortSignal | undefined,
  ): AsyncIterable<EventBatch>;
}

export const headsQuerySchema = z.object({
  limit: z.number().int().min(1).max(200).default(100),
  cursor: z.string().max(200).optional(),
  only: z.array(conversationIdSchema).min(1).max(200).optional(),
});
export type HeadsQuery = z.infer<typeof headsQuerySchema>;

export const syncRouter = router({
  heads: signedIn
    .input(headsQuerySchema)
    .query(({ ctx, input }) => ctx.services.sync.heads(ctx.caller, input)),
  stream: signedIn.subscription(({ ctx, signal }) =>
    ctx.services.stream.open(ctx.caller, ctx.connection, signal),
  ),
});
