import type { ConversationId, Seq, Timestamp, UserId } from '@tidings/api/ids';
import type {
  ChangeIntent,
  ConversationDirectory,
  ConversationRecord,
  MembershipRecord,
  NewConversation,
} from '../directory/port.ts';
import type { GuardedRowCache } from './guarded.ts';
import { readThrough } from './read-through.ts';

export type ConversationCaches = {
  readonly conversations: GuardedRowCache;
  /** The memberships of a user, all together. */
  readonly memberships: GuardedRowCache;
};

/** Conversations by id and memberships by user through the cache; the rest goes to the directory. */
export class CachedConversationDirectory implements ConversationDirectory {
  readonly #directory: ConversationDirectory;
  readonly #caches: ConversationCaches;

  constructor(directory: ConversationDirectory, caches: ConversationCaches) {
    this.#directory = directory;
    this.#caches = caches;
  }

  async conversations(ids: readonly ConversationId[]): Promise<readonly ConversationRecord[]> {
    const found = await readThrough<ConversationId, ConversationRecord>(ids, {
      cache: this.#caches.conversations,
      load: async (some) =>
        new Map((await this.#directory.conversations(some)).map((record) => [record.id, record])),
    });
    return [...found.values()];
  }

  async membershipsOf(users: readonly UserId[]): Promise<readonly (readonly MembershipRecord[])[]> {
    const found = await readThrough<UserId, readonly MembershipRecord[]>(users, {
      cache: this.#caches.memberships,
      load: async (some) => {
        const memberships = await this.#directory.membershipsOf(some);
        return new Map(some.map((user, at) => [user, memberships[at] ?? []]));
      },
    });
    return users.map((user) => found.get(user) ?? []);
  }

  async create(conversation: NewConversation): Promise<boolean> {
    const members = conversation.members.map(({ userId }) => userId);
    return this.#changing(conversation.id, members, () => this.#directory.create(conversation));
  }

  intend(intent: ChangeIntent): Promise<void> {
    return this.#directory.intend(intent);
  }

  apply(intent: ChangeIntent, seq: Seq, at: Timestamp): Promise<ConversationRecord> {
    const touched = intent.effects.flatMap((effect) => (effect.type === 'set' ? [] : [effect.userId]));
    return this.#changing(intent.conversationId, touched, () => this.#directory.apply(intent, seq, at));
  }

  pending(before: Timestamp, conversation?: ConversationId): Promise<readonly ChangeIntent[]> {
    return this.#directory.pending(before, conversation);
  }

  list(after: ConversationId | null, limit: number): Promise<readonly ConversationId[]> {
    return this.#directory.list(after, limit);
  }

  /**
   * What it touches is dropped before, since others may find the change done as soon as it is, before its answer is here; and
   * afterwards also when it fails: nobody knows then what the directory has.
   */
  async #changing<T>(
    conversation: ConversationId,
    users: readonly UserId[],
    change: () => Promise<T>,
  ): Promise<T> {
    await this.#drop(conversation, users);
    try {
      return await change();
    } finally {
      await this.#drop(conversation, users);
    }
  }

  async #drop(conversation: ConversationId, users: readonly UserId[]): Promise<void> {
    await Promise.all([
      this.#caches.conversations.invalidate([conversation]),
      this.#caches.memberships.invalidate(users),
    ]);
  }
}
