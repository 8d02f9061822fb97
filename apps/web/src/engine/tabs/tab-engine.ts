import type { Clock, MakeId } from '@tidings/api/clock';
import { encodeContent, type SentContent } from '@tidings/api/content';
import type { ErrorCode } from '@tidings/api/errors';
import { type ClientId, type ConversationId, clientId, type Seq, type UserId } from '@tidings/api/ids';
import type { UserAct } from '@tidings/api/presence';
import { apiOver } from '@tidings/client/api-over';
import type { Engine, EngineState } from '@tidings/client/engine-port';
import { type LocalStore, LocalStoreFull, type OutboxItem } from '@tidings/client/local-store';
import { changeSend, messageSend, type Send, unpreparedSend } from '@tidings/client/sends';
import type { Api } from '@tidings/client/transport';
import type { Competition, Leadership } from './leadership';
import type { Attention, Call, CallableMethod, TabChannel, TabId, TabMessage } from './messages';
import { perform } from './perform';
import { RemoteCalls } from './remote-calls';
import { Seat } from './seat';

export type TabParts = {
  readonly self: Engine['self'];
  readonly store: LocalStore;
  /** Called each time this tab comes to lead. */
  readonly startEngine: () => Promise<Engine>;
  readonly leadership: Leadership;
  readonly channel: TabChannel;
  readonly clock: Clock;
  readonly makeId: MakeId;
  /** What is wrong from the start; shown as long as the engine tells of nothing else. */
  readonly trouble?: EngineState['trouble'];
};

/** A leader that doesn't answer for this long (a page that the system put to sleep) is robbed of it. */
export const silentMs = 3_000;
/** Browsers slow the timers of hidden pages down; a visible tab asks a leader that was hidden for so long to hand over. */
export const hiddenLeaderMs = 60_000;
const handOverMs = 1_500;
/** The engine's code is a file of its own, which may fail to load. */
const loadAgainMs = 3_000;

const nothingKnown: EngineState = {
  connection: { type: 'connecting', attempt: 0 },
  presence: new Map(),
  typing: new Map(),
  trouble: null,
};

/**
 * The engine as each tab sees it. One tab of a user leads: it runs the real engine and holds the socket. The others ask it, and
 * show what it says. What is sent is written to the shared outbox by the tab itself, so no change of leader loses it.
 */
export class TabEngine implements Engine {
  readonly self: Engine['self'];
  readonly api: Api;
  readonly #parts: TabParts;
  readonly #tab: TabId;
  readonly #remote: RemoteCalls;
  readonly #listeners = new Set<(state: EngineState) => void>();
  #competition: Competition | null = null;
  #seat: Seat | null = null;
  #state!: EngineState;
  #attention: Attention = { present: false, acted: false, users: [], conversations: [] };
  #endLife: () => void = () => {};
  #cancelCheck: () => void = () => {};
  #cancelDoubt: () => void = () => {};
  /** From being elected until letting go, so also while the engine is being loaded. */
  #leading = false;
  /** What the others asked meanwhile. */
  #early: TabMessage[] = [];
  #asking = false;
  #stopped = false;

  constructor(parts: TabParts) {
    this.#parts = parts;
    this.self = parts.self;
    this.#setState(nothingKnown);
    this.#tab = parts.makeId();
    this.#remote = new RemoteCalls(parts.channel, this.#tab);
    this.api = apiOver((procedure) => this.#call({ type: 'api', procedure }));
    parts.channel.listen((message) => this.#hear(message));
    void parts.leadership.live(this.#tab).then((end) => {
      this.#endLife = end;
      if (this.#stopped) end();
      else this.resume();
    });
  }

  get state(): EngineState {
    return this.#state;
  }

  get leads(): boolean {
    return this.#seat !== null;
  }

  /** True when somebody has one of the tabs before their eyes, as far as this one knows; the leader knows of all. */
  get attended(): boolean {
    return this.#seat?.attended ?? this.#attention.present;
  }

  observe(listener: (state: EngineState) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  send(conversationId: ConversationId, content: SentContent): Promise<ClientId> {
    return this.#put(messageSend(conversationId, content), 'send', conversationId, content);
  }

  sendUnprepared(conversationId: ConversationId, content: SentContent): Promise<ClientId> {
    return this.#put(unpreparedSend(conversationId, content), 'sendUnprepared', conversationId, content);
  }

  edit(conversationId: ConversationId, target: Seq, content: SentContent): Promise<ClientId> {
    const send = changeSend(conversationId, 'edit', target, encodeContent(content));
    return this.#put(send, 'edit', conversationId, target, content);
  }

  remove(conversationId: ConversationId, target: Seq): Promise<ClientId> {
    return this.#put(changeSend(conversationId, 'delete', target, ''), 'remove', conversationId, target);
  }

  react(conversationId: ConversationId, target: Seq, emoji: string): Promise<ClientId> {
    const send = changeSend(conversationId, 'reaction', target, emoji);
    return this.#put(send, 'react', conversationId, target, emoji);
  }

  prepared = (client: ClientId, outcome: SentContent | ErrorCode): Promise<void> =>
    this.#ask('prepared', client, outcome);
  retry = (client: ClientId): Promise<void> => this.#ask('retry', client);
  discard = (client: ClientId): Promise<void> => this.#ask('discard', client);
  putItems = (items: readonly { readonly key: string; readonly value: unknown }[]): Promise<void> =>
    this.#ask('putItems', items);
  loadOlder = (conversation: ConversationId, before: Seq, count: number): Promise<boolean> =>
    this.#ask('loadOlder', conversation, before, count);
  loadAround = (conversation: ConversationId, at: Seq): Promise<void> =>
    this.#ask('loadAround', conversation, at);
  refresh = (conversation: ConversationId): Promise<void> => this.#ask('refresh', conversation);
  markRead = (conversation: ConversationId, upTo: Seq): void => this.#tell('markRead', conversation, upTo);
  needProfiles = (users: readonly UserId[]): void => this.#tell('needProfiles', users);
  typing = (conversation: ConversationId, typing: boolean): void =>
    this.#tell('typing', conversation, typing);

  watch(users: readonly UserId[], conversations: readonly ConversationId[]): void {
    this.#attend({ ...this.#attention, acted: false, users, conversations });
  }

  /** `open` and `close` say whether somebody looks at this tab; the leader tells the server what that makes of all tabs. */
  act(act: UserAct): void {
    this.#attend({ ...this.#attention, present: act !== 'close', acted: act !== 'close' });
    if (act === 'open') this.#check();
  }

  wake(): void {
    this.#check();
    this.#tell('wake');
  }

  /** The page goes to sleep or away: another tab may lead now. */
  async suspend(): Promise<void> {
    this.#competition?.end();
    this.#competition = null;
    this.#cancelCheck();
    this.#cancelDoubt();
    await this.#vacate();
  }

  resume(): void {
    if (this.#stopped || this.#competition) return;
    this.#competition = this.#parts.leadership.compete({
      lead: () => void this.#lead(),
      lost: () => void this.#vacate(),
    });
    this.#check();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.suspend();
    this.#endLife();
    this.#parts.channel.close();
  }

  async #lead(): Promise<void> {
    const competition = this.#competition;
    this.#cancelCheck();
    this.#leading = true;
    const engine = await this.#parts.startEngine().catch((error: unknown) => {
      console.error('the engine could not be loaded, trying again', error);
      return null;
    });
    // Meanwhile the page may have gone to sleep, or another tab may have taken the lead.
    const unwanted = !this.#leading || this.#competition !== competition;
    if (unwanted) await engine?.stop();
    else if (engine) this.#takeSeat(engine);
    else this.#cancelCheck = this.#parts.clock.after(loadAgainMs, () => void this.#lead());
  }

  #takeSeat(engine: Engine): void {
    const { channel, leadership, clock } = this.#parts;
    const changed = (state: EngineState) => this.#setState(state);
    this.#seat = new Seat({ tab: this.#tab, engine, channel, leadership, clock, changed }, this.#attention);
    this.#remote.takeOver((call) => perform(engine, call));
    for (const message of this.#early.splice(0)) this.#seat.hear(message);
  }

  async #vacate(): Promise<void> {
    this.#leading = false;
    this.#early = [];
    const seat = this.#seat;
    if (!seat) return;
    this.#seat = null;
    await seat.end();
    this.#parts.channel.post({ type: 'handed-over', from: this.#tab });
  }

  /** Gives the lead to who asks for it, and waits for it again at the end of the queue. */
  async #yield(): Promise<void> {
    await this.suspend();
    this.resume();
  }

  #hear(message: TabMessage): void {
    if (message.type === 'leading') this.#hearLeader(message.from, message.state, message.hiddenForMs);
    else if (!this.#leading) this.#hearFollowing(message);
    else if (!this.#seat) this.#hearLoading(message);
    else if (message.type === 'hand-over' && message.to === this.#tab) void this.#yield();
    else this.#seat.hear(message);
  }

  #hearLoading(message: TabMessage): void {
    const { channel } = this.#parts;
    if (message.type === 'who-leads') {
      channel.post({ type: 'leading', from: this.#tab, state: this.#state, hiddenForMs: 0 });
    } else if (message.type === 'call' || message.type === 'attention') this.#early.push(message);
  }

  #hearFollowing(message: TabMessage): void {
    const ofLeader = message.from === this.#remote.leader;
    if (message.type === 'handed-over') {
      if (ofLeader) this.#remote.setLeader(null);
      if (this.#asking) this.#take();
    } else if (message.type === 'state') {
      if (ofLeader) this.#setState(message.state);
    } else this.#remote.hear(message);
  }

  #hearLeader(leader: TabId, state: EngineState, hiddenForMs: number): void {
    // Two that lead at once: the one whose lock was taken away is about to learn it.
    if (this.#leading) return;
    this.#cancelCheck();
    this.#remote.setLeader(leader);
    this.#setState(state);
    this.#parts.channel.post({ type: 'attention', from: this.#tab, attention: this.#attention });
    if (this.#attention.present && hiddenForMs > hiddenLeaderMs) this.#askForHandOver(leader);
  }

  #askForHandOver(leader: TabId): void {
    this.#asking = true;
    this.#parts.channel.post({ type: 'hand-over', from: this.#tab, to: leader });
    this.#cancelCheck = this.#parts.clock.after(handOverMs, () => this.#take());
  }

  /** Somebody looks at this tab: there must be a leader, and it must be awake. */
  #check(): void {
    if (this.#leading || !this.#competition) return;
    this.#parts.channel.post({ type: 'who-leads', from: this.#tab });
    if (!this.#attention.present) return;
    this.#cancelCheck();
    this.#cancelCheck = this.#parts.clock.after(silentMs, () => this.#take());
  }

  #take(): void {
    this.#asking = false;
    this.#cancelCheck();
    this.#competition?.take();
  }

  #attend(attention: Attention): void {
    this.#attention = attention;
    if (this.#seat) this.#seat.attend(attention);
    else if (this.#remote.leader) this.#parts.channel.post({ type: 'attention', from: this.#tab, attention });
  }

  /** A tab that doesn't lead writes its sends itself and then says so. */
  async #put(send: Send, method: CallableMethod, ...args: readonly unknown[]): Promise<ClientId> {
    if (this.#seat) return this.#ask(method, ...args);
    const { store, clock, makeId } = this.#parts;
    const { target, ...rest } = send;
    const item: OutboxItem = {
      ...rest,
      ...(target === undefined ? {} : { target }),
      clientId: clientId(makeId()),
      createdAt: clock.now(),
    };
    try {
      await store.apply([{ type: 'put-outbox', item }]);
    } catch (error) {
      // The engine can still send what this device has no room for.
      if (error instanceof LocalStoreFull) return this.#ask(method, ...args);
      throw error;
    }
    this.#tell('wake');
    return item.clientId;
  }

  #call(call: Call): Promise<unknown> {
    if (this.#seat) return perform(this.#seat.engine, call);
    const answer = this.#remote.request(call);
    this.#cancelDoubt();
    this.#cancelDoubt = this.#parts.clock.after(silentMs, () =>
      this.#remote.unheard ? this.#check() : undefined,
    );
    return answer;
  }

  #ask<T>(method: CallableMethod, ...args: readonly unknown[]): Promise<T> {
    return this.#call({ type: 'engine', method, args }) as Promise<T>;
  }

  /** For what nobody waits for. */
  #tell(method: CallableMethod, ...args: readonly unknown[]): void {
    this.#ask(method, ...args).catch(() => {});
  }

  #setState(state: EngineState): void {
    this.#state = { ...state, trouble: state.trouble ?? this.#parts.trouble ?? null };
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}
