import type { Entry } from '@tidings/api/entry';
import type { Scope } from '@tidings/api/fields';
import { maxSeq, type Seq, seq } from '@tidings/api/ids';
import {
  chatIdSchema,
  chatsSchema,
  meSchema,
  type messageSchema,
  messagesSchema,
  postedSchema,
  postMessageSchema,
  receiptsSchema,
} from '@tidings/api/public-api';
import type { Head } from '@tidings/api/sync';
import { z } from 'zod';
import { type ProgramCaller, type ProgramService, textOf } from '../../services/program-service.ts';

export type Call<Input> = {
  readonly by: ProgramCaller;
  readonly scopes: readonly Scope[];
  readonly programs: ProgramService;
  readonly idempotencyKey: string | null;
  readonly input: Input;
};

/** Something that programs can ask for. The routes, the OpenAPI document and the reference page are made of these. */
export type Operation = {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1`; `{name}` stands for a part of it. */
  readonly path: string;
  /** What a key must be allowed. `null`: any key will do. */
  readonly scope: Scope | null;
  readonly summary: string;
  readonly description: string;
  /** Parts of the path and the query; all arrive as text. */
  readonly params: z.ZodObject;
  readonly body: z.ZodType | null;
  /** An Idempotency-Key counts. Whatever else there is can be asked again by nature. */
  readonly takesIdempotencyKey: boolean;
  readonly answer: z.ZodType;
  run(call: Call<unknown>): Promise<unknown>;
};

type Typed<Params extends z.ZodObject, Body extends z.ZodType | null, Answer extends z.ZodType> = Omit<
  Operation,
  'params' | 'body' | 'answer' | 'run'
> & {
  readonly params: Params;
  readonly body: Body;
  readonly answer: Answer;
  run(
    call: Call<z.output<Params> & (Body extends z.ZodType ? { readonly body: z.output<Body> } : unknown)>,
  ): Promise<z.input<Answer>>;
};

/** Checks that what runs takes and gives what the schemas say. */
const operation = <P extends z.ZodObject, B extends z.ZodType | null, A extends z.ZodType>(
  typed: Typed<P, B, A>,
): Operation => typed as unknown as Operation;

/** A whole number in a path or a query. */
const whole = (min: number, max: number, what: string) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(min).max(max))
    .meta({ schema: { type: 'integer', minimum: min, maximum: max }, description: what });
const position = whole(1, maxSeq, 'A position in the chat’s log.').transform((value): Seq => seq(value));
const inChat = { conversation_id: chatIdSchema.describe('The chat.') };

export const operations: readonly Operation[] = [
  operation({
    id: 'getMe',
    method: 'GET',
    path: '/me',
    scope: null,
    summary: 'Whom a key acts as',
    description: 'The bot, and what the key lets it do.',
    params: z.object({}),
    body: null,
    takesIdempotencyKey: false,
    answer: meSchema,
    async run({ by, scopes, programs }) {
      const { userId, username, displayName } = await programs.me(by);
      return { user_id: userId, username, display_name: displayName, scopes: [...scopes] };
    },
  }),
  operation({
    id: 'postMessage',
    method: 'POST',
    path: '/messages',
    scope: 'send',
    summary: 'Send a message',
    description:
      'To a person (user_id or username) or a group (conversation_id). It is durable when it is answered. Give an Idempotency-Key, and the ' +
      'same request can be made again for a day without sending twice.',
    params: z.object({}),
    body: postMessageSchema,
    takesIdempotencyKey: true,
    answer: postedSchema,
    run: ({ by, programs, input, idempotencyKey }) => programs.post(by, input.body, idempotencyKey),
  }),
  operation({
    id: 'listChats',
    method: 'GET',
    path: '/chats',
    scope: 'chats',
    summary: 'List the bot’s chats',
    description: 'The one with the newest message first.',
    params: z.object({
      limit: whole(1, 100, 'How many at most; 50 when left out.').optional(),
      cursor: z.string().max(400).optional().describe('`next` of the page before.'),
    }),
    body: null,
    takesIdempotencyKey: false,
    answer: chatsSchema,
    async run({ by, programs, input: { limit = 50, cursor } }) {
      const { heads, next } = await programs.chats(by, { limit, cursor });
      return { chats: heads.map(chatOf), next };
    },
  }),
  operation({
    id: 'readMessages',
    method: 'GET',
    path: '/chats/{conversation_id}/messages',
    scope: 'read',
    summary: 'Read a chat from a position on',
    description:
      'Everything above `after`, in order and without gaps: messages, and edits, deletions and reactions as entries of their own. Call again ' +
      'with `next_after`. What was got counts as delivered.',
    params: z.object({
      ...inChat,
      after: whole(0, maxSeq, 'The last position that is known; 0 when left out.').optional(),
      limit: whole(1, 200, 'How many at most; 100 when left out.').optional(),
    }),
    body: null,
    takesIdempotencyKey: false,
    answer: messagesSchema,
    async run({ by, programs, input: { conversation_id: conversation, after = 0, limit = 100 } }) {
      const { entries, head, nextAfter } = await programs.read(by, { conversation, after, limit });
      return { messages: entries.map(messageOf), last_position: head, next_after: nextAfter };
    },
  }),
  operation({
    id: 'markRead',
    method: 'POST',
    path: '/chats/{conversation_id}/read',
    scope: 'read',
    summary: 'Mark a chat as read',
    description: 'Up to a position, this one included. A mark never falls.',
    params: z.object(inChat),
    body: z.strictObject({
      position: z.number().int().min(1).max(maxSeq).describe('The last position that was read.'),
    }),
    takesIdempotencyKey: false,
    answer: z.object({}),
    async run({ by, programs, input }) {
      await programs.markRead(by, input.conversation_id, seq(input.body.position));
      return {};
    },
  }),
  operation({
    id: 'getReceipts',
    method: 'GET',
    path: '/chats/{conversation_id}/messages/{position}/receipts',
    scope: 'read',
    summary: 'Who has a message of the bot',
    description: 'When each recipient got it and read it; null: not yet, or not shown.',
    params: z.object({ ...inChat, position }),
    body: null,
    takesIdempotencyKey: false,
    answer: receiptsSchema,
    async run({ by, programs, input }) {
      const { sentAt, members } = await programs.receipts(by, input.conversation_id, input.position);
      return {
        sent_at: sentAt,
        recipients: members.map(({ userId, deliveredAt, readAt }) => ({
          user_id: userId,
          delivered_at: deliveredAt,
          read_at: readAt,
        })),
      };
    },
  }),
];

const chatOf = (head: Head): z.input<typeof chatsSchema>['chats'][number] => ({
  conversation_id: head.conversationId,
  kind: head.kind,
  name: head.group?.name ?? null,
  user_id: head.peer,
  last_position: head.head,
  read_position: head.read,
  unread: head.unread,
  last_message_at: head.headAt,
});

const messageOf = (entry: Entry): z.input<typeof messageSchema> => ({
  position: entry.seq,
  kind: entry.kind,
  sender_id: entry.sender,
  sent_at: entry.sentAt,
  text: textOf(entry),
  target: entry.target ?? null,
  deleted: entry.deleted ?? false,
});
