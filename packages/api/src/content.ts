import { z } from 'zod';
import { pictureIdSchema, seqSchema, userIdSchema } from './ids.ts';

/**
 * What is inside the opaque `content` of an entry: made and read by clients only (and, for `change`, made by
 * the server). A new variety is a new `type`; a client that doesn't know it says so and shows `fallback`.
 */

const quoteSchema = z.object({
  seq: seqSchema,
  sender: userIdSchema,
  /** The first 200 characters of the quoted text, so that a quote shows before its message is loaded. */
  preview: z.string().max(400),
});
export type Quote = z.infer<typeof quoteSchema>;

export const textContentSchema = z.object({
  type: z.literal('text'),
  text: z.string(),
  replyTo: quoteSchema.optional(),
  /** How often it was forwarded before; absent when it was written here. */
  forwarded: z.number().int().min(1).optional(),
  mentions: z.array(userIdSchema).max(64).optional(),
});
export type TextContent = z.infer<typeof textContentSchema>;

/** A variety that this version doesn't know: media, calls, encrypted content to come. */
export type UnknownContent = { readonly type: 'unknown'; readonly fallback: string };

export type MessageContent = TextContent | UnknownContent;

/** Never throws: content comes from other people's clients. */
export function parseContent(content: string): MessageContent {
  const value = parseJson(content);
  const known = textContentSchema.safeParse(value);
  if (known.success) return known.data;
  const fallback = z.object({ fallback: z.string().max(1_000) }).safeParse(value);
  return { type: 'unknown', fallback: fallback.success ? fallback.data.fallback : '' };
}

export const encodeContent = (content: TextContent): string => JSON.stringify(content);

export const groupRoleSchema = z.enum(['owner', 'admin', 'member']);
export type GroupRole = z.infer<typeof groupRoleSchema>;

/** The lines that a group's log holds about the group. `by` is the entry's sender. */
export const groupChangeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('created'), name: z.string(), members: z.array(userIdSchema) }),
  z.object({ type: z.literal('added'), users: z.array(userIdSchema) }),
  z.object({ type: z.literal('removed'), user: userIdSchema }),
  z.object({ type: z.literal('left') }),
  z.object({ type: z.literal('role'), user: userIdSchema, role: groupRoleSchema }),
  z.object({ type: z.literal('named'), name: z.string() }),
  z.object({ type: z.literal('described'), description: z.string() }),
  z.object({ type: z.literal('pictured'), iconId: pictureIdSchema.nullable() }),
]);
export type GroupChange = z.infer<typeof groupChangeSchema>;

/** `null` for a change that this version doesn't know. */
export function parseGroupChange(content: string): GroupChange | null {
  const parsed = groupChangeSchema.safeParse(parseJson(content));
  return parsed.success ? parsed.data : null;
}

/** A draft as the account log carries it between a user's devices. */
export const draftSchema = z.object({
  text: z.string(),
  replyTo: quoteSchema.optional(),
  editing: seqSchema.optional(),
  at: z.number(),
});
export type Draft = z.infer<typeof draftSchema>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
