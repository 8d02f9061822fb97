import { TidingsError } from '@tidings/api/errors';
import type { ConversationId, Seq, Timestamp, UserId } from '@tidings/api/ids';
import type { MeUpdate } from '@tidings/api/user';
import type {
  ChangeIntent,
  ConversationDirectory,
  ConversationRecord,
  MembershipEffect,
  MembershipRecord,
  NewConversation,
  UserDirectory,
  UserRecord,
} from '@tidings/db/directory/port';

type Stored = Omit<ConversationRecord, 'members'> & {
  readonly members: ReadonlyMap<UserId, MembershipRecord>;
};

/**
 * The directory in memory, for the simulation: a query through Prisma costs half a millisecond and leaves the microtask queue. Held to the
 * same contract suite as the real one.
 */
export class MemoryDirectory implements UserDirectory, ConversationDirectory {
  readonly #users = new Map<UserId, UserRecord>();
  readonly #conversations = new Map<ConversationId, Stored>();
  readonly #intents = new Map<string, ChangeIntent>();

  addUser(user: UserRecord): void {
    this.#users.set(user.userId, user);
  }

  async profiles(users: readonly UserId[]): Promise<readonly UserRecord[]> {
    return users.flatMap((user) => this.#users.get(user) ?? []);
  }

  async byUsername(username: string): Promise<UserRecord | null> {
    return [...this.#users.values()].find((user) => user.username === username) ?? null;
  }

  async update(user: UserId, update: MeUpdate): Promise<UserRecord> {
    const known = this.#users.get(user);
    if (!known) throw new TidingsError('not-found');
    const given = Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined));
    const updated = { ...known, ...given };
    this.#users.set(user, updated);
    return updated;
  }

  async search(query: string, limit: number): Promise<readonly UserRecord[]> {
    const wanted = query.toLowerCase();
    const words = (user: UserRecord) => [user.username, ...user.displayName.toLowerCase().split(' ')];
    return [...this.#users.values()]
      .filter((user) => words(user).some((word) => word.startsWith(wanted)))
      .slice(0, limit);
  }

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
      if (known && known.removedSeq === null && known.joinedSeq <= seq)
        return { ...known, role: effect.role };
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
