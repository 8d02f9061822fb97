import { z } from 'zod';
import { maxTextBytes } from './entry.ts';
import { seqSchema, timestampSchema, userIdSchema } from './id-schemas.ts';
import { trustedConversationId } from './ids.ts';

/**
 * What programs say to `/api/v1` and what they are answered: JSON, names with underscores. The server's `http/public-api` says which
 * operation takes what; its OpenAPI document is made from these same schemas. So the rules stand here in words that JSON Schema has: what the
 * document allows is not refused for its form (API1).
 */

/**
 * A person's chat or a group. Two people have one id for their chat, in which one stands before the other: the other way round is the form
 * of an id too, of a chat that isn't there.
 */
export const chatIdSchema = z
  .string()
  .max(160)
  .regex(
    /^(direct:[A-Za-z0-9_-]{8,64}:[A-Za-z0-9_-]{8,64}|group:[A-Za-z0-9_-]{8,64})$/,
    'not the id of a chat',
  )
  .transform(trustedConversationId);

/** As people write it: capital letters don't count. */
const usernameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,29}$/, 'not a username')
  .transform((name) => name.toLowerCase());

/** A message in text. In bytes it may be longer than in characters: then it is `too-large`. */
const textSchema = z
  .string()
  .min(1)
  .max(maxTextBytes)
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
  .describe('What is written, as plain text; 64 KiB at most in all.');

export const postMessageSchema = z
  .strictObject({
    message_text: textSchema,
    user_id: userIdSchema.optional().describe('The person it goes to.'),
    username: usernameSchema.optional().describe('The person it goes to, by username.'),
    conversation_id: chatIdSchema
      .optional()
      .describe('The chat it goes to: a group, or one that exists already.'),
    api_dev_key: z
      .string()
      .max(200)
      .optional()
      .describe('The key, where it can’t be sent as a Bearer token.'),
  })
  .refine(
    ({ user_id, username, conversation_id }) =>
      [user_id, username, conversation_id].filter((each) => each !== undefined).length === 1,
    'exactly one of user_id, username and conversation_id',
  )
  .meta({
    oneOf: [{ required: ['user_id'] }, { required: ['username'] }, { required: ['conversation_id'] }],
    example: { username: 'ann', message_text: 'It will rain.' },
  });
export type PostMessage = z.infer<typeof postMessageSchema>;

export const postedSchema = z.object({
  conversation_id: z.string().describe('The chat that it stands in.'),
  position: seqSchema.describe('Where it stands in the chat’s log: 1, 2, 3, …'),
  sent_at: timestampSchema.describe('Milliseconds since 1970.'),
  state: z.literal('sent').describe('It is durable and on its way. For more, ask for its receipts.'),
});
export type Posted = z.infer<typeof postedSchema>;

export const meSchema = z.object({
  user_id: z.string().describe('The bot.'),
  username: z.string().describe('By which people find it.'),
  display_name: z.string().describe('What people see.'),
  scopes: z.array(z.string()).describe('What the key allows: `chats`, `read`, `send`.'),
});

export const chatSchema = z.object({
  conversation_id: z.string().describe('For everything else that is asked of the chat.'),
  kind: z.enum(['direct', 'group']).describe('With one person, or a group.'),
  name: z.string().nullable().describe('Of a group.'),
  user_id: z.string().nullable().describe('The other person of a direct chat.'),
  last_position: z.number().int().describe('Where its log ends.'),
  read_position: z.number().int().describe('Up to where the bot has read.'),
  unread: z.number().int().describe('Counted up to 1,000.'),
  last_message_at: timestampSchema.describe('Milliseconds since 1970.'),
});
export const chatsSchema = z.object({
  chats: z.array(chatSchema).describe('One page of them.'),
  next: z.string().nullable().describe('For `cursor`, when there are more.'),
});

export const messageSchema = z.object({
  position: z.number().int().describe('Where it stands in the log.'),
  kind: z
    .string()
    .describe(
      '`message`, `edit`, `delete`, `reaction`, `change` (of the group), `void` (nothing; positions have no gaps).',
    ),
  sender_id: z.string().describe('Who wrote it.'),
  sent_at: timestampSchema.describe('Milliseconds since 1970, by the server’s clock.'),
  text: z
    .string()
    .nullable()
    .describe('Of a message or an edit, the caption of what it carries; of a reaction, the emoji.'),
  target: z
    .number()
    .int()
    .nullable()
    .describe('Of an edit, a deletion or a reaction: the message it is about.'),
  deleted: z.boolean().describe('It was deleted for everyone, and its text with it.'),
});
export const messagesSchema = z.object({
  messages: z.array(messageSchema).describe('Ascending, without gaps.'),
  last_position: z.number().int().describe('Where the chat’s log ends for the bot now.'),
  next_after: z.number().int().describe('For `after` of the next call.'),
});

export const receiptsSchema = z.object({
  sent_at: timestampSchema.describe('Milliseconds since 1970.'),
  recipients: z
    .array(
      z.object({
        user_id: z.string().describe('One of those whom it went to.'),
        delivered_at: timestampSchema.nullable().describe('When a device of theirs had it.'),
        read_at: timestampSchema.nullable().describe('When they saw it.'),
      }),
    )
    .describe('Each member of the chat besides the bot.'),
});

export const problemSchema = z.object({
  type: z.string(),
  title: z.string().describe('For people.'),
  status: z.number().int(),
  code: z.string().describe('For programs: stays the same.'),
  detail: z.string().optional(),
  retry: z.enum(['never', 'later', 'reconnect']),
});
