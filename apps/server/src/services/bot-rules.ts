import { TidingsError } from '@tidings/api/errors';
import { type ConversationId, conversationKind, peerOf, type UserId } from '@tidings/api/ids';
import type { Access, ConversationView } from './parts.ts';

/** A bot, and whose it is. */
export type Program = { readonly bot: UserId; readonly owner: UserId };

/**
 * What a bot may do because of its owner (BOT2), besides what any user may: it is in groups for as long as its owner is a member there,
 * and has chats with its owner, with people who share a chat with its owner, and with whoever opened one with it.
 */
export class BotRules {
  readonly #access: Access;

  constructor({ access }: { readonly access: Access }) {
    this.#access = access;
  }

  /** Throws `not-allowed`. The conversation need not be there yet. */
  async require(program: Program, conversation: ConversationId): Promise<void> {
    const [allowed] = await this.allowed(program, [conversation]);
    if (!allowed) throw new TidingsError('not-allowed', 'beyond what the bot’s owner may');
  }

  /** In the order asked. */
  async allowed(program: Program, conversations: readonly ConversationId[]): Promise<readonly boolean[]> {
    const views = await this.#access.find(conversations);
    const decided = conversations.map((id, at) => decide(program, id, views[at] ?? null));
    if (!decided.includes('for contacts')) return decided.map((each) => each === true);
    const contacts = await this.#access.contactsOf(program.owner);
    return decided.map((each, at) =>
      each === 'for contacts' ? contacts.has(peerOf(conversations[at]!, program.bot)!) : each,
    );
  }
}

/** Whom the owner shares chats with takes many rows to know, and is asked only where nothing else decides. */
function decide(
  { bot, owner }: Program,
  id: ConversationId,
  view: ConversationView | null,
): boolean | 'for contacts' {
  switch (conversationKind(id)) {
    case 'group':
      return view?.current.includes(owner) ?? false;
    case 'direct': {
      const peer = peerOf(id, bot);
      if (peer === null) return false;
      return peer === owner || view?.record.createdBy === peer || 'for contacts';
    }
    case 'account':
      return false;
  }
}
