import { TidingsError } from '@tidings/api/errors';
import type { ConversationId, Seq, Timestamp, UserId } from '@tidings/api/ids';
import type {
  ChangeIntent,
  ConversationDirectory,
  ConversationRecord,
  MembershipEffect,
  MembershipRecord,
  NewConversation,
} from '@tidings/db/directory/port';

type Stored = Omit<ConversationRecord, 'members'> & {
  readonly members: ReadonlyMap<UserId, MembershipRecord>;
};

/**
 * The directory in memory, for the simulation: a query through Prisma costs half a millisecond, and leaves the microtask queue. Held
 * to the same contract suite as the real one.
 */
export class MemoryConversations implements ConversationDirectory {
  readonly #conversations = new Map<ConversationId, Stored>();
  readonly #intents = new Map<string, ChangeIntent>();

  async conversations(ids: readonly ConversationId[]): Promise<readonly ConversationRecord[]> {
    return ids.flatMap((id) => {
      const stored = this.#conversations.get(id);
      return stored ? [recordOf(stored)] : [];
    });
  }

  async membershipsOf(users: readonly UserId[]): Promise<readonly (readonly MembershipRecord[])[]> {
    const all = [...this.#conversations.values()];
    return users.map((user) => all.flatMap(({ members }) => members.get(user) ?? []));
  }

  async create(conversation: NewConversation): Promise<boolean> {
    const { id, createdAt, createdBy, name = '', description = '' } = conversation;
    if (this.#conversations.has(id)) return false;
    const members = conversation.members.map((member): [UserId, MembershipRecord] => [
      member.userId,
      { ...member, conversationId: id, removedSeq: null, joinedAt: createdAt },
    ]);
    this.#conversations.set(id, {
      id,
      createdAt,
      createdBy,
      name,
      description,
      iconId: null,
      version: 1,
      members: new Map(members),
    });
    return true;
  }

  async intend(intent: ChangeIntent): Promise<void> {
    if (!this.#intents.has(intent.id)) this.#intents.set(intent.id, intent);
  }

  async apply(intent: ChangeIntent, seq: Seq, at: Timestamp): Promise<ConversationRecord> {
    const stored = this.#conversations.get(intent.conversationId);
    if (!stored) throw new TidingsError('not-found');
    if (!this.#intents.delete(intent.id)) return recordOf(stored);
    const effected = intent.effects.reduce((now, effect) => withEffect(now, effect, seq, at), stored);
    const changed = { ...effected, version: stored.version + 1 };
    this.#conversations.set(stored.id, changed);
    return recordOf(changed);
  }

  async pending(before: Timestamp, conversation?: ConversationId): Promise<readonly ChangeIntent[]> {
    return [...this.#intents.values()]
      .filter(
        (intent) =>
          intent.createdAt < before && (conversation === undefined || intent.conversationId === conversation),
      )
      .sort((a, b) => a.createdAt - b.createdAt)
      .slice(0, 100);
  }

  async list(after: ConversationId | null, limit: number): Promise<readonly ConversationId[]> {
    return [...this.#conversations.keys()]
      .filter((id) => after === null || id > after)
      .sort()
      .slice(0, limit);
  }
}

function withEffect(stored: Stored, effect: MembershipEffect, seq: Seq, at: Timestamp): Stored {
  if (effect.type === 'set') {
    const { type: _, ...given } = effect;
    return { ...stored, ...given };
  }
  const known = stored.members.get(effect.userId);
  const member = memberAfter(stored.id, known, effect, seq, at);
  return member ? { ...stored, members: new Map(stored.members).set(effect.userId, member) } : stored;
}

function memberAfter(
  conversationId: ConversationId,
  known: MembershipRecord | undefined,
  effect: Exclude<MembershipEffect, { type: 'set' }>,
  seq: Seq,
  at: Timestamp,
): MembershipRecord | null {
  const { userId } = effect;
  switch (effect.type) {
    case 'join':
      if (known && known.removedSeq === null) return null;
      return { conversationId, userId, role: effect.role, joinedSeq: seq, removedSeq: null, joinedAt: at };
    case 'leave':
      return known && known.removedSeq === null ? { ...known, removedSeq: seq } : null;
    case 'role':
      return known && known.removedSeq === null ? { ...known, role: effect.role } : null;
  }
}

function recordOf({ members, ...rest }: Stored): ConversationRecord {
  return { ...rest, members: [...members.values()] };
}
