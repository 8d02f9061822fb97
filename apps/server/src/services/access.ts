import type { Clock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import {
  accountId,
  type ConversationId,
  conversationKind,
  seq,
  type UserId,
  usersNamedBy,
} from '@tidings/api/ids';
import type { ConversationDirectory, ConversationRecord, MembershipRecord } from '@tidings/db/directory/port';
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import { CacheUse } from './cache-use.ts';
import type { Access, ConversationView, Granted, Need } from './parts.ts';

export type AccessOptions = {
  /** How long a group's rows are believed. Others change them too, unless this is the only process. */
  readonly groupMs: number;
  readonly maxViews: number;
};

/** How long a group's rows may be believed beyond their time while the directory is down. */
const outliveMs = 300_000;
/** A directory that is down lets everybody who asks wait for seconds: so it isn't asked for each message. */
const askAgainMs = 1_000;

/** `until`: not asked for anew before. `outlives`: while the directory is down. */
type Cached = { readonly view: ConversationView; readonly until: number; readonly outlives: number };

/**
 * Memberships, cached. The rows of a direct conversation never change once they are there, so they are kept for as long as
 * there is room; what isn't there is never cached, since it may be made at any moment by anybody.
 */
export class CachedAccess implements Access {
  /** Conversations that were asked for. */
  readonly cacheUse = new CacheUse();
  readonly #directory: ConversationDirectory;
  readonly #clock: Clock;
  readonly #groupMs: number;
  readonly #views: LRUCache<ConversationId, Cached>;
  /** How often somebody told that others changed something: an answer that was on its way meanwhile may be older than that. */
  #forgotten = 0;
  readonly #changing = new Map<ConversationId, Promise<void>>();
  readonly #records: DataLoader<ConversationId, ConversationView | null>;
  readonly #memberships: DataLoader<UserId, readonly MembershipRecord[]>;

  constructor(
    parts: { readonly conversations: ConversationDirectory; readonly clock: Clock },
    options: AccessOptions,
  ) {
    this.#directory = parts.conversations;
    this.#clock = parts.clock;
    this.#groupMs = options.groupMs;
    this.#views = new LRUCache({ max: options.maxViews });
    const batchScheduleFn = (task: () => void) => parts.clock.soon(task);
    this.#records = new DataLoader((ids) => this.#load(ids), {
      cache: false,
      batchScheduleFn,
      maxBatchSize: 500,
    });
    this.#memberships = new DataLoader((users) => parts.conversations.membershipsOf(users), {
      cache: false,
      batchScheduleFn,
      maxBatchSize: 500,
    });
  }

  async require(user: UserId, conversation: ConversationId, need: Need): Promise<Granted> {
    if (conversationKind(conversation) === 'account') return requireAccount(user, conversation, need);
    const view = this.#cached(conversation) ?? (await this.#find(conversation));
    const membership = view?.memberships.get(user);
    if (!membership) throw new TidingsError('not-found');
    if (need === 'read') return { view, membership };
    if (membership.removedSeq !== null) throw new TidingsError('not-a-member');
    if (need === 'admin' && membership.role === 'member') throw new TidingsError('not-an-admin');
    return { view, membership };
  }

  find(conversations: readonly ConversationId[]): Promise<readonly (ConversationView | null)[]> {
    return Promise.all(conversations.map((id) => this.#cached(id) ?? this.#find(id)));
  }

  async fresh(conversation: ConversationId): Promise<ConversationView | null> {
    const [record] = await this.#directory.conversations([conversation]);
    return record ? this.#learn(record) : null;
  }

  membershipsOf(user: UserId): Promise<readonly MembershipRecord[]> {
    return this.#memberships.load(user);
  }

  async contactsOf(user: UserId): Promise<ReadonlySet<UserId>> {
    const current = (await this.membershipsOf(user)).filter(({ removedSeq }) => removedSeq === null);
    const contacts = new Set<UserId>();
    const groups: ConversationId[] = [];
    for (const { conversationId } of current) {
      if (conversationKind(conversationId) === 'group') groups.push(conversationId);
      else for (const named of usersNamedBy(conversationId)) contacts.add(named);
    }
    for (const view of await this.find(groups))
      for (const member of view?.current ?? []) contacts.add(member);
    contacts.delete(user);
    return contacts;
  }

  learn(record: ConversationRecord): void {
    this.#learn(record);
  }

  forget(conversation: ConversationId): void {
    this.#forgotten += 1;
    this.#views.delete(conversation);
  }

  async change<T>(conversation: ConversationId, work: () => Promise<T>): Promise<T> {
    const before = this.#changing.get(conversation) ?? Promise.resolve();
    const running = before.then(work);
    const settled = running.then(nothing, nothing);
    this.#changing.set(conversation, settled);
    try {
      return await running;
    } finally {
      if (this.#changing.get(conversation) === settled) this.#changing.delete(conversation);
    }
  }

  /** A hit that may be answered at once. */
  #cached(conversation: ConversationId): ConversationView | null {
    const view = this.#known(conversation);
    this.cacheUse.count(view !== null);
    return view;
  }

  #known(conversation: ConversationId): ConversationView | null {
    if (this.#changing.has(conversation)) return null;
    const cached = this.#views.get(conversation);
    return cached && cached.until > this.#clock.now() ? cached.view : null;
  }

  async #find(conversation: ConversationId): Promise<ConversationView | null> {
    // A change that follows on the heels of another is waited for as well.
    for (
      let changing = this.#changing.get(conversation);
      changing;
      changing = this.#changing.get(conversation)
    )
      await changing;
    return this.#known(conversation) ?? this.#records.load(conversation);
  }

  async #load(ids: readonly ConversationId[]): Promise<readonly (ConversationView | null | Error)[]> {
    try {
      const forgotten = this.#forgotten;
      const records = await this.#directory.conversations([...new Set(ids)]);
      const take = (record: ConversationRecord) =>
        forgotten === this.#forgotten ? this.#learn(record) : viewOf(record);
      const views = new Map(records.map((record) => [record.id, take(record)]));
      return ids.map((id) => views.get(id) ?? null);
    } catch (error) {
      return ids.map((id) => this.#outlived(id) ?? (error as Error));
    }
  }

  /**
   * While the directory doesn't answer, nobody can change a group, so what was known of it still holds: people go on chatting. Not for
   * long: it may be this process alone that the directory doesn't answer.
   */
  #outlived(conversation: ConversationId): ConversationView | null {
    const cached = this.#views.get(conversation);
    const now = this.#clock.now();
    if (!cached || cached.outlives <= now) return null;
    this.#views.set(conversation, { ...cached, until: Math.max(cached.until, now + askAgainMs) });
    return cached.view;
  }

  /** An answer that was on its way while somebody changed the rows is older than what is known: the higher version stays. */
  #learn(record: ConversationRecord): ConversationView {
    const known = this.#views.get(record.id);
    const view = known && known.view.record.version > record.version ? known.view : viewOf(record);
    const until =
      conversationKind(record.id) === 'direct' ? Number.POSITIVE_INFINITY : this.#clock.now() + this.#groupMs;
    this.#views.set(record.id, { view, until, outlives: until + outliveMs });
    return view;
  }
}

/** Position `position` of the log lies in the span that the membership allows. */
export const mayRead = (membership: MembershipRecord, position: number): boolean =>
  position >= membership.joinedSeq && (membership.removedSeq === null || position <= membership.removedSeq);

function requireAccount(user: UserId, conversation: ConversationId, need: Need): Granted {
  if (accountId(user) !== conversation) throw new TidingsError('not-found');
  if (need !== 'read') throw new TidingsError('not-allowed', 'account logs are written through account.put');
  const membership: MembershipRecord = {
    conversationId: conversation,
    userId: user,
    role: 'owner',
    joinedSeq: seq(1),
    removedSeq: null,
    joinedAt: 0,
  };
  return { view: null, membership };
}

export function viewOf(record: ConversationRecord): ConversationView {
  const memberships = new Map<UserId, MembershipRecord>();
  for (const membership of record.members) {
    const known = memberships.get(membership.userId);
    if (!known || membership.joinedSeq > known.joinedSeq) memberships.set(membership.userId, membership);
  }
  const current = [...memberships.values()]
    .filter(({ removedSeq }) => removedSeq === null)
    .map(({ userId }) => userId);
  return { record, memberships, current };
}

const nothing = () => {};
