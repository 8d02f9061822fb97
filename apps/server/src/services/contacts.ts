import type { Clock } from '@tidings/api/clock';
import { conversationKind, directId, type UserId } from '@tidings/api/ids';
import { LRUCache } from 'lru-cache';
import type { LogReader } from './log-reader.ts';
import type { Access } from './parts.ts';

const keepMs = 60_000;
/** How far back a user's own words are looked for in a conversation that somebody else opened. */
const depth = 100;

/**
 * "People I have chats with", as privacy means it: one shares a group, or has taken part in the one-to-one conversation. That
 * somebody opened a conversation with one is not enough, or any stranger could let themselves in.
 */
export class Contacts {
  readonly #parts: { readonly access: Access; readonly reader: LogReader; readonly clock: Clock };
  readonly #known = new LRUCache<string, { readonly knows: Promise<boolean>; readonly until: number }>({
    max: 50_000,
  });

  constructor(parts: { readonly access: Access; readonly reader: LogReader; readonly clock: Clock }) {
    this.#parts = parts;
  }

  /** Whether `other` is among the people that `user` has chats with. At most a minute old. */
  knows(user: UserId, other: UserId): Promise<boolean> {
    const key = `${user} ${other}`;
    const now = this.#parts.clock.now();
    const known = this.#known.get(key);
    if (known && known.until > now) return known.knows;
    const knows = this.#look(user, other);
    this.#known.set(key, { knows, until: now + keepMs });
    knows.catch(() => this.#known.delete(key));
    return knows;
  }

  async #look(user: UserId, other: UserId): Promise<boolean> {
    if (user === other) return true;
    return (await this.#tookPart(user, other)) || (await this.#shareGroup(user, other));
  }

  async #tookPart(user: UserId, other: UserId): Promise<boolean> {
    const { access, reader } = this.#parts;
    const conversation = directId(user, other);
    const [view] = await access.find([conversation]);
    if (!view) return false;
    if (view.record.createdBy === user) return true;
    const head = (await reader.head(conversation)).seq;
    const entries = await reader.written(conversation, Math.max(1, head - depth + 1), head, 'newest', depth);
    return entries.some(({ sender }) => sender === user);
  }

  async #shareGroup(user: UserId, other: UserId): Promise<boolean> {
    const [own, theirs] = await Promise.all([this.#groupsOf(user), this.#groupsOf(other)]);
    return own.some((group) => theirs.includes(group));
  }

  async #groupsOf(user: UserId): Promise<string[]> {
    const memberships = await this.#parts.access.membershipsOf(user);
    return memberships
      .filter(
        ({ conversationId, removedSeq }) =>
          removedSeq === null && conversationKind(conversationId) === 'group',
      )
      .map(({ conversationId }) => conversationId);
  }
}
