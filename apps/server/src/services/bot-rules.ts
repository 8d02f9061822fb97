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
    const [views, contacts] = await Promise.all([
      this.#access.find(conversations),
      this.#access.contactsOf(program.owner),
    ]);
    return conversations.map((id, at) => isAllowed(program, id, { view: views[at] ?? null, contacts }));
  }
}

function isAllowed(
  { bot, owner }: Program,
  id: ConversationId,
  { view, contacts }: { readonly view: ConversationView | null; readonly contacts: ReadonlySet<UserId> },
): boolean {
  switch (conversationKind(id)) {
    case 'group':
      return view?.current.includes(owner) ?? false;
    case 'direct': {
      const peer = peerOf(id, bot);
      return peer !== null && (peer === owner || contacts.has(peer) || view?.record.createdBy === peer);
    }
    case 'account':
      return false;
  }
}
