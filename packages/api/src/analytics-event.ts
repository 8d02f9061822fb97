import { z } from 'zod';

/**
 * What analytics is told of, one flat JSON object each, on a line of a file or in a record of a topic. Metadata only: no field
 * holds anything that people wrote, named or chose.
 *
 * Within a version a schema only grows: new types, and new fields that may be absent. Whoever reads passes over types and fields
 * that it doesn't know. Anything else is a new `v` beside this one. What the fields mean to other programs is in
 * docs/analytics-format.md.
 */
export type AnalyticsEvent = z.infer<typeof analyticsEventSchema>;

/** Of one day only, by a key that is gone after it: see `pseudonyms.ts` of the server. 128 bits, base64url. */
const pseudonym = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const count = z.number().int().min(0);
/** When it happened, milliseconds since 1970, by the clock of the process that saw it. */
const at = count;
/** How old the newest of the messages was; absent where the process didn't know it any more. */
const latencyMs = count.optional();
const v = z.literal(1);

export const analyticsEventSchema = z.discriminatedUnion('type', [
  /** An entry that people sent is stored. */
  z.object({
    v,
    type: z.literal('message'),
    at,
    user: pseudonym,
    conversation: pseudonym,
    /** The entry's: `message`, `edit`, `delete`, `reaction`. */
    kind: z.string().min(1).max(16),
    conversationKind: z.enum(['direct', 'group']),
    /** Members that it is for, without its sender. */
    fanOut: count,
    /** UTF-8 of its content, which may be encrypted. */
    bytes: count,
  }),
  /** A member's mark moved: their device has these messages. */
  z.object({
    v,
    type: z.literal('delivered'),
    at,
    user: pseudonym,
    conversation: pseudonym,
    /** Positions that the mark moved over; at least 1. */
    count,
    latencyMs,
  }),
  /** Likewise: they read these. */
  z.object({
    v,
    type: z.literal('read'),
    at,
    user: pseudonym,
    conversation: pseudonym,
    count,
    latencyMs,
  }),
  /** A device went live. */
  z.object({ v, type: z.literal('connected'), at, user: pseudonym }),
  /** Its connection is over. */
  z.object({ v, type: z.literal('disconnected'), at, user: pseudonym, durationMs: count }),
  /** A file came in whole. */
  z.object({ v, type: z.literal('upload'), at, user: pseudonym, bytes: count }),
  /** Somebody was refused, or something failed, with this code of the error table. */
  z.object({
    v,
    type: z.literal('failure'),
    at,
    user: pseudonym.optional(),
    code: z.string().min(1).max(40),
  }),
]);

/** `null` for what is no event that this version knows: a broken line, or one of a later version. */
export function parseAnalyticsEvent(value: unknown): AnalyticsEvent | null {
  const parsed = analyticsEventSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** For readers that have no zod. */
export const analyticsJsonSchema = (): unknown => ({
  title: 'An event of Tidings’ analytics, version 1',
  ...z.toJSONSchema(analyticsEventSchema, { io: 'input' }),
});
