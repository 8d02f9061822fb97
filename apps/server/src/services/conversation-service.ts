import type { ConversationApi, Member, MembersPage } from '@tidings/api/conversation';
import { TidingsError } from '@tidings/api/errors';
import { type ConversationId, directId, seq, type UserId, usersNamedBy } from '@tidings/api/ids';
import type { Head, SyncApi } from '@tidings/api/sync';
import type { Caller } from '@tidings/api/trpc';
import type { MembershipRecord } from '@tidings/db/directory/port';
import type { Access, Appender, Ports, Profiles } from './parts.ts';

const pageSize = 200;

export type ConversationServiceParts = Pick<Ports, 'conversations' | 'clock'> & {
  readonly profiles: Profiles;
  readonly access: Access;
  readonly appender: Pick<Appender, 'putAccount'>;
  readonly sync: Pick<SyncApi, 'heads'>;
};

/** Opening one-to-one conversations, and who is in any. */
export class ConversationService implements ConversationApi {
  readonly #parts: ConversationServiceParts;

  constructor(parts: ConversationServiceParts) {
    this.#parts = parts;
  }

  /**
   * Only the caller's other devices are told of a new conversation. The other user hears of it with its first message: an
   * empty chat that somebody opened and left again is nothing to show them.
   */
  async open(caller: Caller, user: UserId): Promise<Head> {
    if (user === caller.userId) throw new TidingsError('not-found', 'a conversation with oneself');
    const [peer] = await this.#parts.profiles.of([user]);
    if (!peer) throw new TidingsError('not-found', 'no such user');
    const conversation = directId(caller.userId, user);
    if (await this.#create(conversation, caller.userId)) {
      await this.#parts.appender.putAccount(caller.userId, [
        { key: `conversation:${conversation}`, value: this.#parts.clock.now() },
      ]);
    }
    const { heads } = await this.#parts.sync.heads(caller, { limit: 1, only: [conversation] });
    if (!heads[0]) throw new TidingsError('internal', `no head of ${conversation}`);
    return heads[0];
  }

  async members(caller: Caller, conversationId: ConversationId, cursor?: string): Promise<MembersPage> {
    const { access, profiles } = this.#parts;
    const { view } = await access.require(caller.userId, conversationId, 'write');
    if (!view) throw new TidingsError('not-found');
    const records = await profiles.of(view.current);
    const rows = view.current.map((user, index) => ({
      member: view.memberships.get(user) as MembershipRecord,
      name: records[index]?.displayName ?? '',
    }));
    rows.sort(
      (a, b) =>
        rank(a.member) - rank(b.member) ||
        a.name.localeCompare(b.name) ||
        compare(a.member.userId, b.member.userId),
    );
    const start = cursor === undefined ? 0 : offsetOf(cursor);
    const page = rows.slice(start, start + pageSize).map(({ member }) => shown(member));
    const end = start + page.length;
    return { members: page, total: rows.length, ...(end < rows.length ? { next: String(end) } : {}) };
  }

  async #create(conversation: ConversationId, opener: UserId): Promise<boolean> {
    const { access, conversations, clock } = this.#parts;
    const [known] = await access.find([conversation]);
    if (known) return false;
    return access.change(conversation, async () => {
      const made = await conversations.create({
        id: conversation,
        createdBy: opener,
        createdAt: clock.now(),
        members: usersNamedBy(conversation).map((userId) => ({ userId, role: 'member', joinedSeq: seq(1) })),
      });
      const [record] = await conversations.conversations([conversation]);
      if (record) access.learn(record);
      return made;
    });
  }
}

const ranks = { owner: 0, admin: 1, member: 2 } as const;
const rank = (member: MembershipRecord): number => ranks[member.role];
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const shown = ({ userId, role, joinedSeq }: MembershipRecord): Member => ({ userId, role, joinedSeq });

function offsetOf(cursor: string): number {
  const offset = Number(cursor);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new TidingsError('bad-input', 'not a cursor');
  return offset;
}
