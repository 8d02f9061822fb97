import type { Clock, Random } from '@tidings/api/clock';
import type { Presence, ServerEventOf } from '@tidings/api/events';
import type { ConversationId, UserId } from '@tidings/api/ids';
import type { UserAct } from '@tidings/api/presence';
import { persist } from './backoff.ts';
import type { Api } from './transport.ts';

const usersWatched = 200;
const conversationsWatched = 50;
/** Typing lasts 6 s at the other side unless said again. */
const sayTypingEveryMs = 3_000;

export type Hinted = {
  readonly presence: ReadonlyMap<UserId, Presence>;
  readonly typing: ReadonlyMap<ConversationId, readonly UserId[]>;
};

const nothingHinted: Hinted = { presence: new Map(), typing: new Map() };

/** Presence and typing: kept by nobody, known only while there is a line, and only of what is on the screen (PRES2). */
export class Hints {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #changed: (hinted: Hinted) => void;
  readonly #typists = new Map<string, () => void>();
  readonly #said = new Map<ConversationId, () => void>();
  #hinted = nothingHinted;
  #watched: { users: readonly UserId[]; conversations: readonly ConversationId[] } = {
    users: [],
    conversations: [],
  };
  #api: Api | null = null;
  /** The user has the app open, by what they did last: a new line is told so. */
  #isOpen = false;
  /** What they did last, while there was no line to tell it on. */
  #untold: UserAct | null = null;
  #scheduled = false;

  constructor(parts: { clock: Clock; random: Random; changed: (hinted: Hinted) => void }) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#changed = parts.changed;
  }

  get openChat(): ConversationId | null {
    return this.#watched.conversations[0] ?? null;
  }

  open(api: Api): void {
    this.#api = api;
    const act = this.#untold ?? (this.#isOpen ? 'still' : null);
    if (act) this.#tell(act);
    if (this.#watched.users.length > 0 || this.#watched.conversations.length > 0) this.#watchSoon();
  }

  close(): void {
    this.#api = null;
    for (const cancel of this.#typists.values()) cancel();
    this.#typists.clear();
    this.#said.clear();
    if (this.#hinted !== nothingHinted) this.#set(nothingHinted);
  }

  watch(users: readonly UserId[], conversations: readonly ConversationId[]): void {
    this.#watched = {
      users: users.slice(0, usersWatched),
      conversations: conversations.slice(0, conversationsWatched),
    };
    this.#watchSoon();
  }

  typing(conversation: ConversationId, typing: boolean): void {
    const cancel = this.#said.get(conversation);
    if (typing === (cancel !== undefined)) return;
    cancel?.();
    this.#said.delete(conversation);
    if (typing)
      this.#said.set(
        conversation,
        this.#clock.after(sayTypingEveryMs, () => this.#said.delete(conversation)),
      );
    this.#api?.presence.typing.mutate({ conversationId: conversation, typing }).catch(() => {});
  }

  /** Sent: whoever reads it knows that the typing is over. */
  sentTo(conversation: ConversationId): void {
    this.#said.get(conversation)?.();
    this.#said.delete(conversation);
  }

  act(act: UserAct): void {
    this.#isOpen = act !== 'close';
    this.#tell(act);
  }

  #tell(act: UserAct): void {
    this.#untold = this.#api ? null : act;
    this.#api?.presence.act.mutate({ act }).catch(() => {});
  }

  heardPresence(states: readonly Presence[]): void {
    const watched = new Set(this.#watched.users);
    const presence = new Map(this.#hinted.presence);
    for (const state of states) if (watched.has(state.userId)) presence.set(state.userId, state);
    this.#set({ ...this.#hinted, presence });
  }

  heardTyping({ conversationId, userId, forMs }: Omit<ServerEventOf<'typing'>, 'type'>): void {
    const key = `${conversationId} ${userId}`;
    this.#typists.get(key)?.();
    this.#typists.delete(key);
    const others = (this.#hinted.typing.get(conversationId) ?? []).filter((user) => user !== userId);
    if (forMs > 0) {
      const end = () => this.heardTyping({ conversationId, userId, forMs: 0 });
      this.#typists.set(key, this.#clock.after(forMs, end));
      this.#setTyping(conversationId, [...others, userId]);
    } else this.#setTyping(conversationId, others);
  }

  /** Who has just said something isn't typing it any more. */
  heardFrom(conversationId: ConversationId, userId: UserId): void {
    if (this.#typists.size > 0 && this.#typists.has(`${conversationId} ${userId}`))
      this.heardTyping({ conversationId, userId, forMs: 0 });
  }

  #watchSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.soon(() => {
      this.#scheduled = false;
      void this.#watchNow();
    });
  }

  async #watchNow(): Promise<void> {
    const api = this.#api;
    const watched = this.#watched;
    this.#forgetUnwatched();
    if (!api) return;
    const input = { userIds: [...watched.users], conversationIds: [...watched.conversations] };
    const stopped = () => this.#api !== api || this.#watched !== watched;
    const states = await persist(() => api.presence.watch.mutate(input), {
      clock: this.#clock,
      random: this.#random,
      stopped,
    });
    if (states && !stopped()) this.heardPresence(states as Presence[]);
  }

  #forgetUnwatched(): void {
    const users = new Set(this.#watched.users);
    const conversations = new Set(this.#watched.conversations);
    const presence = new Map([...this.#hinted.presence].filter(([user]) => users.has(user)));
    const typing = new Map([...this.#hinted.typing].filter(([id]) => conversations.has(id)));
    if (presence.size < this.#hinted.presence.size || typing.size < this.#hinted.typing.size)
      this.#set({ presence, typing });
  }

  #setTyping(conversation: ConversationId, users: readonly UserId[]): void {
    const typing = new Map(this.#hinted.typing);
    if (users.length > 0) typing.set(conversation, users);
    else if (!typing.delete(conversation)) return;
    this.#set({ ...this.#hinted, typing });
  }

  #set(hinted: Hinted): void {
    this.#hinted = hinted;
    this.#changed(hinted);
  }
}
