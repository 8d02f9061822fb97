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
import { type DirectoryClient, guarded, isTaken } from './client.ts';
import type { Prisma } from './generated/sqlite/client.ts';
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

  constructor(client: DirectoryClient) {
    this.#client = client;
  }

  async conversations(ids: readonly ConversationId[]): Promise<readonly ConversationRecord[]> {
    if (ids.length === 0) return [];
    const query = { where: { id: { in: [...ids] } }, include: { memberships: true } };
    const rows = await guarded(() => this.#client.conversation.findMany(query));
    return rows.map(recordOf);
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
    await guarded(() => this.#client.groupChange.upsert({ where: { id }, create, update: {} }));
  }

  /**
   * The intent's row is there exactly as long as the change is not applied, and goes in the same transaction: of two who apply
   * the same change the second deletes nothing, and its whole transaction is undone.
   */
  async apply(intent: ChangeIntent, position: Seq, at: Timestamp): Promise<ConversationRecord> {
    return guarded(async () => {
      await this.#applyOnce(intent, position, at);
      const [record] = await this.conversations([intent.conversationId]);
      if (!record) throw new TidingsError('not-found', intent.conversationId);
      return record;
    });
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
    const rows = await guarded(() =>
      this.#client.conversation.findMany({
        where,
        orderBy: { id: 'asc' },
        take: limit,
        select: { id: true },
      }),
    );
    return rows.map((row) => trustedConversationId(row.id));
  }

  async #applyOnce(intent: ChangeIntent, position: Seq, at: Timestamp): Promise<void> {
    const client = this.#client;
    if (!(await client.groupChange.findUnique({ where: { id: intent.id }, select: { id: true } }))) return;
    try {
      await client.$transaction([
        client.groupChange.delete({ where: { id: intent.id } }),
        ...intent.effects.flatMap((effect) => this.#effect(intent.conversationId, effect, { position, at })),
        client.conversation.update({
          where: { id: intent.conversationId },
          data: { version: { increment: 1 } },
        }),
      ]);
    } catch (error) {
      // Somebody else applied it between our look and our transaction.
      if (await client.groupChange.findUnique({ where: { id: intent.id }, select: { id: true } }))
        throw error;
    }
  }

  #effect(
    conversationId: ConversationId,
    effect: MembershipEffect,
    { position, at }: { readonly position: Seq; readonly at: Timestamp },
  ): Prisma.PrismaPromise<unknown>[] {
    const client = this.#client;
    switch (effect.type) {
      case 'join': {
        const { userId, role } = effect;
        const span = { role, joinedSeq: position, removedSeq: null, joinedAt: new Date(at) };
        // A member who is there already keeps their span.
        const back = client.membership.updateMany({
          where: { conversationId, userId, removedSeq: { not: null } },
          data: span,
        });
        const added = client.membership.upsert({
          where: { conversationId_userId: { conversationId, userId } },
          create: { conversationId, userId, ...span },
          update: {},
        });
        return [back, added];
      }
      case 'leave':
        return [
          client.membership.updateMany({
            where: { conversationId, userId: effect.userId, removedSeq: null },
            data: { removedSeq: position },
          }),
        ];
      case 'role':
        return [
          client.membership.updateMany({
            where: { conversationId, userId: effect.userId, removedSeq: null },
            data: { role: effect.role },
          }),
        ];
      case 'set': {
        const { type: _, ...columns } = effect;
        return [client.conversation.update({ where: { id: conversationId }, data: columns })];
      }
    }
  }
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
