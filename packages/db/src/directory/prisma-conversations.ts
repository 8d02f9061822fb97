import type { GroupRole } from '@tidings/api/content';
import { TidingsError } from '@tidings/api/errors';
import {
  type ConversationId,
  conversationKind,
  type PictureId,
  type Seq,
  seq,
  type Timestamp,
  trustedConversationId,
  trustedUserId,
  type UserId,
} from '@tidings/api/ids';
import {
  type DirectoryClient,
  type DirectoryDatabase,
  guarded,
  isTaken,
  type RecentReads,
} from './client.ts';
import type { ConversationModel } from './generated/sqlite/models/Conversation.ts';
import type { MembershipModel } from './generated/sqlite/models/Membership.ts';
import type {
  ChangeIntent,
  ConversationDirectory,
  ConversationRecord,
  MembershipEffect,
  MembershipRecord,
  NewConversation,
} from './port.ts';

/** Conversations, memberships, and the intents of changes (`group_change`, JSON) that are under way. */
export class PrismaConversations implements ConversationDirectory {
  readonly #client: DirectoryClient;
  readonly #recent: RecentReads;

  constructor({ primary, recent }: DirectoryDatabase) {
    this.#client = primary;
    this.#recent = recent;
  }

  /**
   * The rows of a direct conversation never change, so any copy that has them is right; one that lacks them may be late, and says
   * nothing. Who is in a group decides what they may see, and is asked of the primary.
   */
  async conversations(ids: readonly ConversationId[]): Promise<readonly ConversationRecord[]> {
    const direct = ids.filter((id) => conversationKind(id) === 'direct');
    const unchanging = await guarded(() =>
      this.#recent(['conversation', 'membership'], (client) => find(client, direct)),
    );
    const found = new Set(unchanging.map(({ id }) => id));
    const others = ids.filter((id) => !found.has(id));
    return [...unchanging, ...(await guarded(() => find(this.#client, others)))];
  }

  async membershipsOf(users: readonly UserId[]): Promise<readonly (readonly MembershipRecord[])[]> {
    if (users.length === 0) return [];
    const rows = await guarded(() =>
      this.#client.membership.findMany({ where: { userId: { in: [...users] } } }),
    );
    const byUser = new Map<string, MembershipRecord[]>(users.map((user) => [user, []]));
    for (const row of rows) byUser.get(row.userId)?.push(membershipOf(row));
    return users.map((user) => byUser.get(user) ?? []);
  }

  async create(conversation: NewConversation): Promise<boolean> {
    const { id, createdBy, createdAt, name = null, description = null, members } = conversation;
    const memberships = members.map((member) => ({ ...member, joinedAt: new Date(createdAt) }));
    const data = {
      id,
      kind: conversationKind(id),
      name,
      description,
      createdBy,
      createdAt: new Date(createdAt),
    };
    return guarded(async () => {
      try {
        await this.#client.conversation.create({ data: { ...data, memberships: { create: memberships } } });
        return true;
      } catch (error) {
        if (isTaken(error)) return false;
        throw error;
      }
    });
  }

  async intend(intent: ChangeIntent): Promise<void> {
    const { id, conversationId, createdAt } = intent;
    const create = { id, conversationId, payload: JSON.stringify(intent), createdAt: new Date(createdAt) };
    await guarded(async () => {
      try {
        await this.#client.groupChange.upsert({ where: { id }, create, update: {} });
      } catch (error) {
        // Somebody else stored it at the same moment.
        if (!isTaken(error)) throw error;
      }
    });
  }

  async apply(intent: ChangeIntent, position: Seq, at: Timestamp): Promise<ConversationRecord> {
    await guarded(() => this.#applyOnce(intent, { position, at }));
    const [record] = await this.conversations([intent.conversationId]);
    if (!record) throw new TidingsError('not-found', intent.conversationId);
    return record;
  }

  async pending(before: Timestamp, conversation?: ConversationId): Promise<readonly ChangeIntent[]> {
    const where = {
      createdAt: { lt: new Date(before) },
      ...(conversation ? { conversationId: conversation } : {}),
    };
    const rows = await guarded(() =>
      this.#client.groupChange.findMany({ where, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], take: 100 }),
    );
    return rows.map((row) => JSON.parse(row.payload) as ChangeIntent);
  }

  async list(after: ConversationId | null, limit: number): Promise<readonly ConversationId[]> {
    const where = after === null ? {} : { id: { gt: after } };
    const query = { where, orderBy: { id: 'asc' }, take: limit, select: { id: true } } as const;
    const rows = await guarded(() =>
      this.#recent(['conversation'], (client) => client.conversation.findMany(query)),
    );
    return rows.map((row) => trustedConversationId(row.id));
  }

  /**
   * The intent's row is there exactly as long as the change is not applied, and goes in the same transaction: of two who apply
   * the same change the second waits for the first, deletes nothing and does nothing.
   */
  async #applyOnce(intent: ChangeIntent, when: When): Promise<void> {
    const { id, conversationId, effects } = intent;
    await this.#client.$transaction(async (transaction) => {
      const { count } = await transaction.groupChange.deleteMany({ where: { id } });
      if (count === 0) return;
      for (const effect of effects) await apply(transaction, conversationId, { effect, when });
      await transaction.conversation.update({
        where: { id: conversationId },
        data: { version: { increment: 1 } },
      });
    });
  }
}

/** The position that a change has taken in the group's log, and the time of its entry. */
type When = { readonly position: Seq; readonly at: Timestamp };
type Transaction = Pick<DirectoryClient, 'membership' | 'conversation'>;

async function apply(
  { membership, conversation }: Transaction,
  conversationId: ConversationId,
  { effect, when }: { readonly effect: MembershipEffect; readonly when: When },
): Promise<void> {
  switch (effect.type) {
    case 'join': {
      const { userId, role } = effect;
      const span = { role, joinedSeq: when.position, removedSeq: null, joinedAt: new Date(when.at) };
      // A member who is there already keeps their span.
      await membership.updateMany({
        where: { conversationId, userId, removedSeq: { not: null } },
        data: span,
      });
      await membership.upsert({
        where: { conversationId_userId: { conversationId, userId } },
        create: { conversationId, userId, ...span },
        update: {},
      });
      return;
    }
    case 'leave': {
      const current = { conversationId, userId: effect.userId, removedSeq: null };
      await membership.updateMany({ where: current, data: { removedSeq: when.position } });
      return;
    }
    case 'role': {
      const current = { conversationId, userId: effect.userId, removedSeq: null };
      await membership.updateMany({ where: current, data: { role: effect.role } });
      return;
    }
    case 'set': {
      const { type: _, ...columns } = effect;
      await conversation.update({ where: { id: conversationId }, data: columns });
      return;
    }
  }
}

async function find(
  client: DirectoryClient,
  ids: readonly ConversationId[],
): Promise<readonly ConversationRecord[]> {
  if (ids.length === 0) return [];
  const query = { where: { id: { in: [...ids] } }, include: { memberships: true } };
  return (await client.conversation.findMany(query)).map(recordOf);
}

function recordOf(
  row: ConversationModel & { readonly memberships: readonly MembershipModel[] },
): ConversationRecord {
  return {
    id: trustedConversationId(row.id),
    name: row.name ?? '',
    description: row.description ?? '',
    iconId: row.iconId as PictureId | null,
    createdAt: row.createdAt.getTime(),
    createdBy: trustedUserId(row.createdBy),
    version: row.version,
    members: row.memberships.map(membershipOf),
  };
}

function membershipOf(row: MembershipModel): MembershipRecord {
  return {
    conversationId: trustedConversationId(row.conversationId),
    userId: trustedUserId(row.userId),
    role: row.role as GroupRole,
    joinedSeq: seq(row.joinedSeq),
    removedSeq: row.removedSeq === null ? null : seq(row.removedSeq),
    joinedAt: row.joinedAt.getTime(),
  };
}
