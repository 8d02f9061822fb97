import { createHash } from 'node:crypto';
import type { Clock, MakeId } from '@tidings/api/clock';
import { encodeContent, parseContent } from '@tidings/api/content';
import { type Entry, maxContentBytes, maxTextBytes } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import {
  type ConversationId,
  clientId,
  directId,
  maxSeq,
  type Seq,
  seq,
  type UserId,
} from '@tidings/api/ids';
import type { Outgoing } from '@tidings/api/message';
import type { Posted, PostMessage } from '@tidings/api/public-api';
import type { Services } from '@tidings/api/services';
import type { Head } from '@tidings/api/sync';
import type { Caller } from '@tidings/api/trpc';
import type { Locks } from '@tidings/bus/lock/port';
import type { BotDirectory } from '@tidings/db/directory/bot-port';
import type { UserDirectory, UserRecord } from '@tidings/db/directory/port';
import type { BotRules, Program } from './bot-rules.ts';
import type { Profiles } from './parts.ts';

export type ProgramServiceParts = {
  readonly services: Pick<Services, 'sync' | 'messages' | 'receipts' | 'conversations'>;
  readonly rules: BotRules;
  readonly bots: BotDirectory;
  readonly users: UserDirectory;
  readonly profiles: Pick<Profiles, 'of'>;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly makeId: MakeId;
};

/** A bot as a caller of the services, and whose it is. */
export type ProgramCaller = { readonly caller: Caller; readonly program: Program };

export type ReadEntries = {
  readonly entries: readonly Entry[];
  readonly head: Seq;
  readonly nextAfter: number;
};

/**
 * What programs do as bots, over the services that people's devices use: the same rules hold, and those of {@link BotRules}. A bot does
 * nothing by which it would count as seen (PRES1).
 */
export class ProgramService {
  readonly #parts: ProgramServiceParts;

  constructor(parts: ProgramServiceParts) {
    this.#parts = parts;
  }

  /** The bot itself. */
  async me({ program }: ProgramCaller): Promise<UserRecord> {
    const [profile] = await this.#parts.profiles.of([program.bot]);
    if (!profile) throw new TidingsError('key-invalid', 'its bot is gone');
    return profile;
  }

  /** Its chats, the newest first, without those that its owner is no part of. */
  async chats(
    { caller, program }: ProgramCaller,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ readonly heads: readonly Head[]; readonly next: string | null }> {
    const { services, rules } = this.#parts;
    const cursor = page.cursor === undefined ? {} : { cursor: page.cursor };
    const { heads, next = null } = await services.sync.heads(caller, { limit: page.limit, ...cursor });
    const allowed = await rules.allowed(
      program,
      heads.map(({ conversationId }) => conversationId),
    );
    return { heads: heads.filter((_, at) => allowed[at]), next };
  }

  /** Positions above `after`, ascending and without gaps. What it gets counts as delivered. */
  async read(
    { caller, program }: ProgramCaller,
    {
      conversation,
      after,
      limit,
    }: { readonly conversation: ConversationId; readonly after: number; readonly limit: number },
  ): Promise<ReadEntries> {
    const { services, rules } = this.#parts;
    await rules.require(program, conversation);
    const range = { conversationId: conversation, first: seq(after + 1), last: seq(maxSeq), limit };
    const [page] = await services.messages.read(caller, [{ ...range, from: 'oldest' }]);
    if (!page) throw new TidingsError('internal', 'no answer for a range');
    if (page.error) throw new TidingsError(page.error);
    const got = page.entries.length > 0;
    if (got)
      await services.receipts.mark(caller, [
        { conversationId: conversation, delivered: page.last, read: seq(0) },
      ]);
    return { entries: page.entries, head: page.head, nextAfter: got ? page.last : after };
  }

  async markRead(
    { caller, program }: ProgramCaller,
    conversation: ConversationId,
    position: Seq,
  ): Promise<void> {
    await this.#parts.rules.require(program, conversation);
    const mark = { conversationId: conversation, delivered: position, read: position };
    await this.#parts.services.receipts.mark(caller, [mark]);
  }

  async receipts({ caller, program }: ProgramCaller, conversation: ConversationId, position: Seq) {
    await this.#parts.rules.require(program, conversation);
    return this.#parts.services.messages.info(caller, conversation, position);
  }

  /**
   * Sends a message. With an idempotency key it is sent once, however often and by whatever process the same request is made within a day.
   * @throws TidingsError `request-differs` when another request was made with the key.
   */
  async post(by: ProgramCaller, wanted: PostMessage, idempotencyKey: string | null): Promise<Posted> {
    const content = encodeContent({ type: 'text', text: wanted.message_text });
    // Written as JSON a text may grow, by control characters sixfold.
    if (Buffer.byteLength(wanted.message_text) > maxTextBytes || Buffer.byteLength(content) > maxContentBytes)
      throw new TidingsError('too-large');
    if (idempotencyKey === null) {
      const { conversationId } = await this.#target(by, wanted);
      return this.#send(by, { conversationId, clientId: clientId(this.#parts.makeId()), content });
    }
    const key = sha256(idempotencyKey);
    const held = await this.#parts.locks.take(sha256(`${by.program.bot} ${key}`));
    try {
      return await this.#postOnce(by, { wanted, content }, key);
    } finally {
      await held.release();
    }
  }

  async #postOnce(
    by: ProgramCaller,
    { wanted, content }: { readonly wanted: PostMessage; readonly content: string },
    key: string,
  ): Promise<Posted> {
    const { bots, clock } = this.#parts;
    const { conversationId, head } = await this.#target(by, wanted);
    const request = sha256(JSON.stringify([conversationId, content]));
    const note = { user: by.program.bot, key, request, since: head, createdAt: clock.now() };
    const noted = await bots.noteRequest(note);
    if (noted.request !== request) throw new TidingsError('request-differs');
    // The log is looked through from where it ended at the first try: what that one may have left is found there (SEND2). The position is
    // part of the name, since a key that comes again when it is forgotten means another message, and a second one of a name is void (SEND3).
    const name = clientId(sha256(`${key} ${noted.since}`));
    return this.#send(by, { conversationId, clientId: name, content, retrySince: seq(noted.since) });
  }

  async #send({ caller }: ProgramCaller, message: Omit<Outgoing, 'kind'>): Promise<Posted> {
    const [result] = await this.#parts.services.messages.send(caller, [{ ...message, kind: 'message' }]);
    if (!result) throw new TidingsError('internal', 'no answer for a message');
    if ('error' in result)
      throw new TidingsError(
        result.error,
        undefined,
        result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs },
      );
    return {
      conversation_id: message.conversationId,
      position: result.seq,
      sent_at: result.sentAt,
      state: 'sent',
    };
  }

  /** Opens the chat with a person when there is none yet. */
  async #target(
    by: ProgramCaller,
    wanted: PostMessage,
  ): Promise<{ readonly conversationId: ConversationId; readonly head: Seq }> {
    const { services, rules } = this.#parts;
    const { caller, program } = by;
    if (wanted.conversation_id !== undefined) {
      await rules.require(program, wanted.conversation_id);
      const { heads } = await services.sync.heads(caller, { limit: 1, only: [wanted.conversation_id] });
      if (!heads[0]) throw new TidingsError('not-found');
      return heads[0];
    }
    const person = await this.#person(wanted);
    if (person === program.bot) throw new TidingsError('not-found', 'a chat with itself');
    await rules.require(program, directId(program.bot, person));
    return services.conversations.open(caller, person);
  }

  async #person({ user_id: user, username = '' }: PostMessage): Promise<UserId> {
    if (user !== undefined) return user;
    const found = await this.#parts.users.byUsername(username);
    if (!found) throw new TidingsError('not-found', 'no such user');
    return found.userId;
  }
}

/** The text of an entry, where it has one that people read. */
export function textOf({ kind, content, deleted }: Entry): string | null {
  if (deleted) return null;
  if (kind === 'reaction') return content;
  if (kind !== 'message' && kind !== 'edit') return null;
  const parsed = parseContent(content);
  return parsed.type === 'unknown' ? parsed.fallback : parsed.text;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');
