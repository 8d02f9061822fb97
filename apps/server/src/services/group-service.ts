import { createHash } from 'node:crypto';
import { type GroupChange, type GroupRole, parseGroupChange } from '@tidings/api/content';
import type { GroupApi, GroupCreate, GroupUpdate } from '@tidings/api/conversation';
import type { Entry } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import { type ClientId, type ConversationId, clientId, groupId, type UserId } from '@tidings/api/ids';
import type { Head, SyncApi } from '@tidings/api/sync';
import type { Caller } from '@tidings/api/trpc';
import type { ChangeIntent, MembershipEffect } from '@tidings/db/directory/port';
import { LRUCache } from 'lru-cache';
import {
  addLines,
  currentMember,
  type Line,
  leaveLines,
  removeLines,
  roleLines,
  type Scene,
  updateLines,
} from './group-rules.ts';
import type { Access, Appender, GroupChanges, News, Ports, Profiles } from './parts.ts';
import { logTrouble } from './trouble.ts';

/** An intent this old was interrupted: a change takes milliseconds. With the time until somebody looks, 10 s at most (INV7). */
const interruptedMs = 4_000;
const repairMs = 4_000;
/** Clocks of processes may differ by this much where a time bounds a search. */
const clockSlackMs = 60_000;

export type GroupServiceParts = Pick<Ports, 'conversations' | 'clock' | 'makeId' | 'logger'> & {
  readonly profiles: Profiles;
  readonly access: Access;
  readonly appender: Appender;
  readonly news: News;
  readonly sync: Pick<SyncApi, 'heads'>;
};

/**
 * Groups and their members. A change is three steps: what is intended (a row), the line in the group's log, the members' rows at
 * that line's position. Whoever meets an intent that was left behind takes the remaining steps (GRP2); each is idempotent.
 */
export class GroupService implements GroupApi, GroupChanges {
  readonly #parts: GroupServiceParts;
  /** Intents whose rows this process has seen in place. */
  readonly #settled = new LRUCache<string, true>({ max: 10_000 });

  constructor(parts: GroupServiceParts) {
    this.#parts = parts;
  }

  /** The group's id comes from the caller and their id of the wish, so that a repeated call finds the group it made. */
  async create(caller: Caller, group: GroupCreate): Promise<Head> {
    const others = [...new Set(group.members)].filter((user) => user !== caller.userId);
    await this.#requireUsers(others);
    const id = idOfWish(caller.userId, group.clientId);
    const conversation = groupId(id);
    const intent = this.#intent(id, conversation, caller.userId, {
      change: { type: 'created', name: group.name, members: others },
      effects: [
        { type: 'join', userId: caller.userId, role: 'owner' },
        ...others.map((userId): MembershipEffect => ({ type: 'join', userId, role: 'member' })),
        { type: 'set', name: group.name, description: group.description },
      ],
    });
    await this.#parts.access.change(conversation, async () => {
      await this.#finishPending(conversation);
      if (!(await this.#parts.access.fresh(conversation))) await this.#carryOut(intent, 'first');
    });
    await this.#wake(conversation, touchedBy(intent));
    const { heads } = await this.#parts.sync.heads(caller, { limit: 1, only: [conversation] });
    if (!heads[0]) throw new TidingsError('not-found', 'the caller has left that group since');
    return heads[0];
  }

  async update(caller: Caller, update: GroupUpdate): Promise<void> {
    await this.#change(caller, update.conversationId, (scene) => updateLines(scene, update));
  }

  async add(caller: Caller, conversationId: ConversationId, users: readonly UserId[]): Promise<void> {
    await this.#parts.access.require(caller.userId, requireGroup(conversationId), 'admin');
    await this.#requireUsers(users);
    await this.#change(caller, conversationId, (scene) => addLines(scene, users));
  }

  async remove(caller: Caller, conversationId: ConversationId, user: UserId): Promise<void> {
    await this.#change(caller, conversationId, (scene) => removeLines(scene, user));
  }

  async setRole(
    caller: Caller,
    conversationId: ConversationId,
    user: UserId,
    role: GroupRole,
  ): Promise<void> {
    await this.#change(caller, conversationId, (scene) => roleLines(scene, user, role));
  }

  async leave(caller: Caller, conversationId: ConversationId): Promise<void> {
    const { membership } = await this.#parts.access.require(
      caller.userId,
      requireGroup(conversationId),
      'read',
    );
    if (membership.removedSeq !== null) return;
    await this.#change(caller, conversationId, leaveLines);
  }

  async settle(entry: Entry): Promise<void> {
    const id = entry.clientId;
    if (id === undefined || this.#settled.has(id)) return;
    const touched = await this.#parts.access.change(entry.conversationId, async () => {
      const intent = (await this.#pending(entry.conversationId)).find((one) => one.id === id);
      if (intent) await this.#carryOut(intent, 'again');
      else this.#parts.access.forget(entry.conversationId);
      this.#settled.set(id, true);
      return intent ? touchedBy(intent) : [];
    });
    await this.#wake(entry.conversationId, touched);
  }

  /** Finishes what crashes interrupted, now and every few seconds; the answer ends it. */
  run(): () => void {
    let cancel = () => {};
    const round = () => {
      cancel = this.#parts.clock.after(repairMs, round);
      this.finishInterrupted().catch((error) =>
        logTrouble(this.#parts.logger, error, 'group changes stay unfinished'),
      );
    };
    round();
    return () => cancel();
  }

  async finishInterrupted(): Promise<void> {
    const intents = await this.#parts.conversations.pending(this.#parts.clock.now() - interruptedMs);
    for (const conversation of new Set(intents.map((intent) => intent.conversationId))) {
      const touched = await this.#parts.access.change(conversation, () => this.#finishPending(conversation));
      await this.#wake(conversation, touched);
    }
  }

  /** One wish: `plan` sees the group as it is, and nothing else changes it until its lines are written and applied. */
  async #change(
    caller: Caller,
    conversation: ConversationId,
    plan: (scene: Scene) => readonly Line[],
  ): Promise<void> {
    const { access } = this.#parts;
    await access.require(caller.userId, requireGroup(conversation), 'write');
    const touched = await access.change(conversation, async () => {
      const users = [...(await this.#finishPending(conversation))];
      const view = await access.fresh(conversation);
      const actor = view && currentMember(view, caller.userId);
      if (!view || !actor) throw new TidingsError('not-a-member');
      for (const line of plan({ view, actor })) {
        const intent = this.#intent(this.#parts.makeId(), conversation, caller.userId, line);
        await this.#carryOut(intent, 'first');
        users.push(...touchedBy(intent));
      }
      return users;
    });
    await this.#wake(conversation, touched);
  }

  async #carryOut(intent: ChangeIntent, attempt: 'first' | 'again'): Promise<void> {
    const { conversations, appender } = this.#parts;
    if (attempt === 'first') await conversations.intend(intent);
    if (parseGroupChange(intent.content)?.type === 'created') await conversations.create(newGroup(intent));
    const line = {
      conversationId: intent.conversationId,
      by: intent.by,
      id: clientId(intent.id),
      content: intent.content,
    };
    const again = { ...line, triedSince: intent.createdAt - clockSlackMs };
    if (attempt === 'first') await appender.change(line);
    // Whoever met the intent meanwhile may have written the line as well: the first of the two counts.
    await this.#apply(intent, await appender.change(again));
  }

  async #apply(intent: ChangeIntent, at: Pick<Entry, 'seq' | 'sentAt'>): Promise<void> {
    const { conversations, access, news } = this.#parts;
    const { conversationId } = intent;
    try {
      access.learn(await conversations.apply(intent, at.seq, at.sentAt));
      this.#settled.set(intent.id, true);
    } catch (error) {
      // Perhaps it was done all the same, and then nobody meets the intent again.
      access.forget(conversationId);
      await this.#wake(conversationId, touchedBy(intent));
      throw error;
    } finally {
      await news.conversation(conversationId);
    }
  }

  async #finishPending(conversation: ConversationId): Promise<readonly UserId[]> {
    const intents = await this.#pending(conversation);
    for (const intent of intents) await this.#carryOut(intent, 'again');
    return intents.flatMap(touchedBy);
  }

  #pending(conversation: ConversationId): Promise<readonly ChangeIntent[]> {
    return this.#parts.conversations.pending(this.#parts.clock.now() + clockSlackMs, conversation);
  }

  /** Devices of who came or went ask for the head. A hint: they learn the same when they compare heads. */
  async #wake(conversation: ConversationId, users: readonly UserId[]): Promise<void> {
    const item = { key: `conversation:${conversation}`, value: this.#parts.clock.now() };
    const told = [...new Set(users)].map((user) => this.#parts.appender.putAccount(user, [item]));
    for (const result of await Promise.allSettled(told)) {
      if (result.status === 'rejected')
        logTrouble(this.#parts.logger, result.reason, 'a member was not woken', { conversation });
    }
  }

  #intent(id: string, conversationId: ConversationId, by: UserId, { change, effects }: Line): ChangeIntent {
    return {
      id,
      conversationId,
      by,
      createdAt: this.#parts.clock.now(),
      content: encodeChange(change),
      effects,
    };
  }

  async #requireUsers(users: readonly UserId[]): Promise<void> {
    const records = await this.#parts.profiles.of([...new Set(users)]);
    if (records.includes(null)) throw new TidingsError('not-found', 'no such user');
  }
}

const encodeChange = (change: GroupChange): string => JSON.stringify(change);

/** 132 bits of a hash: as good as a random id, and the same for the same wish. */
const idOfWish = (user: UserId, wish: ClientId): string =>
  createHash('sha256').update(`${user}/${wish}`).digest('base64url').slice(0, 22);

const touchedBy = (intent: ChangeIntent): readonly UserId[] =>
  intent.effects.flatMap((effect) =>
    effect.type === 'join' || effect.type === 'leave' ? [effect.userId] : [],
  );

/** Without members: they come with the first line, so that nobody can write into a group whose log doesn't say who is in it. */
function newGroup(intent: ChangeIntent) {
  const set = intent.effects.find((effect) => effect.type === 'set');
  return {
    id: intent.conversationId,
    createdBy: intent.by,
    createdAt: intent.createdAt,
    ...(set?.name === undefined ? {} : { name: set.name }),
    ...(set?.description === undefined ? {} : { description: set.description }),
    members: [],
  };
}

/** A direct conversation has no members to change: answered like one that doesn't exist. */
function requireGroup(conversation: ConversationId): ConversationId {
  if (!conversation.startsWith('group:')) throw new TidingsError('not-found', 'not a group');
  return conversation;
}
