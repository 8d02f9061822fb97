import type { AccountItem } from '@tidings/api/account';
import type { AssetHashes } from '@tidings/api/asset';
import type { Entry } from '@tidings/api/entry';
import { type CloseReason, type ErrorCode, TidingsError } from '@tidings/api/errors';
import type { ServerEvent } from '@tidings/api/events';
import {
  accountId,
  type ConversationId,
  conversationKind,
  deviceId,
  peerOf,
  seq,
  sessionId,
  type UserId,
  userId,
} from '@tidings/api/ids';
import type { Outgoing, ReadRange, SendResult } from '@tidings/api/message';
import type { Mark } from '@tidings/api/receipt';
import type { Head, HeadsQuery } from '@tidings/api/sync';
import type { Profile } from '@tidings/api/user';
import { type ApiCall, apiOver } from '../api-over.ts';
import type { Self } from '../draft.ts';
import type { Line, StreamListener, Transport } from '../transport.ts';
import { FakeLog } from './fake-log.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What may go wrong between a device and the server; a test sets it. */
export type Faults = {
  /** Asked before each call reaches the server, and before its answer goes back: true loses it, with the line. */
  loseCall: (path: string) => boolean;
  loseAnswer: (path: string) => boolean;
  /** What becomes of a push: [] loses it, more than one doubles it; each after so many ms. */
  pushDelays: (event: ServerEvent) => readonly number[];
  /** True: a retry isn't recognised, as when both attempts are under way at once. Its copy is void for every reader (SEND3). */
  forgetSend: () => boolean;
  /** An error for one message of a call. */
  refuseSend: (message: Outgoing) => { error: ErrorCode; retryAfterMs?: number } | null;
  /** An error for a call, instead of its answer. */
  fail: (call: ApiCall) => TidingsError | null;
};

type Connection = {
  readonly self: Self;
  readonly push: (events: readonly ServerEvent[]) => void;
  readonly close: (reason: CloseReason | null) => void;
};

/**
 * What the real services do, in memory and without any care for speed: for tests of the engine. `tests/simulation` runs the
 * engine on the real ones.
 */
export class FakeServer {
  readonly clock: VirtualClock;
  readonly logs = new Map<ConversationId, FakeLog>();
  readonly connections = new Set<Connection>();
  readonly calls: ApiCall[] = [];
  readonly faults: Faults = {
    loseCall: () => false,
    loseAnswer: () => false,
    pushDelays: () => [1],
    forgetSend: () => false,
    refuseSend: () => null,
    fail: () => null,
  };
  latencyMs = 1;
  /** An error for each attempt to connect. */
  refuse: (() => TidingsError | null) | null = null;
  /** Its store is down: reading it is answered with an error, other logs are read all the same. */
  unreadable: ConversationId | null = null;
  profiles = new Map<UserId, Profile>();
  /** The assets that are there. */
  readonly assets = new Set<string>();
  #ids = 0;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  chat(id: ConversationId, members: readonly UserId[]): FakeLog {
    const log = new FakeLog(id, members);
    this.logs.set(id, log);
    return log;
  }

  log(id: ConversationId): FakeLog {
    const log = this.logs.get(id);
    if (log) return log;
    if (conversationKind(id) === 'account') return this.chat(id, [userId(id.slice('account:'.length))]);
    throw new TidingsError('not-found', id);
  }

  /** Somebody else writes: stored and pushed. */
  says(id: ConversationId, sender: UserId, content: string, more: Partial<Entry> = {}): Entry {
    const base = {
      kind: 'message',
      sender,
      device: deviceId(`device-${sender}-0000`),
      sentAt: this.clock.now(),
      content,
    };
    const entry = this.log(id).append({
      ...base,
      clientId: `c${++this.#ids}-00000000`.slice(0, 22) as never,
      ...more,
    });
    this.tell(entry);
    return entry;
  }

  tell(entry: Entry): void {
    for (const [user, span] of this.log(entry.conversationId).spans) {
      if (entry.seq >= span.joinedSeq && entry.seq <= (span.removedSeq ?? entry.seq))
        this.push(user, { type: 'entry', entry });
    }
  }

  push(user: UserId, event: ServerEvent, except?: string): void {
    for (const connection of this.connections) {
      if (connection.self.userId !== user || connection.self.deviceId === except) continue;
      for (const ms of this.faults.pushDelays(event)) this.clock.after(ms, () => connection.push([event]));
    }
  }

  /** On the lines of a user, as at their beginning. */
  greetAgain(user: UserId): void {
    for (const connection of this.connections) if (connection.self.userId === user) this.#greet(connection);
  }

  #greet({ self, push }: Connection): void {
    const serverTime = this.clock.now();
    push([{ type: 'hello', protocol: 1, ...self, sessionId: sessionId('session-1'), serverTime }]);
  }

  /** Ends all lines, as a restart does. */
  cut(reason: CloseReason | null = null): void {
    for (const connection of [...this.connections]) connection.close(reason);
  }

  transport(self: Self): Transport {
    return { connect: (listener) => this.#connect(self, listener) };
  }

  async #connect(self: Self, listener: StreamListener): Promise<Line> {
    await this.#latency();
    const refusal = this.refuse?.();
    if (refusal) throw refusal;
    let open = true;
    const pending = new Set<(error: TidingsError) => void>();
    const gone = () => new TidingsError('unavailable', 'cut');
    const close = (reason: CloseReason | null, tell: boolean) => {
      if (!open) return;
      open = false;
      this.connections.delete(connection);
      for (const reject of pending) reject(gone());
      if (tell) listener.closed(reason);
    };
    const connection: Connection = {
      self,
      push: (events) => open && listener.batch(copied(events)),
      close: (reason) => close(reason, true),
    };
    const call = (asked: ApiCall) =>
      new Promise<unknown>((resolve, reject) => {
        if (!open) return reject(gone());
        pending.add(reject);
        this.#answer(self, copied(asked), () => connection.close(null)).then(resolve, reject);
      });
    this.connections.add(connection);
    this.#greet(connection);
    return { api: apiOver(call), check: () => {}, close: () => close(null, false) };
  }

  async #answer(self: Self, call: ApiCall, cut: () => void): Promise<unknown> {
    await this.#latency();
    if (this.faults.loseCall(call.path)) cut();
    const error = this.faults.fail(call);
    if (error) throw error;
    this.calls.push(call);
    const answer = copied(await this.#perform(self, call));
    if (this.faults.loseAnswer(call.path)) cut();
    await this.#latency();
    return answer;
  }

  #latency(): Promise<void> {
    return this.latencyMs === 0
      ? Promise.resolve()
      : new Promise((resolve) => void this.clock.after(this.latencyMs, resolve));
  }

  async #perform(self: Self, { path, input }: ApiCall): Promise<unknown> {
    switch (path) {
      case 'sync.heads':
        return this.#heads(self, input as HeadsQuery);
      case 'message.read':
        return this.#read(self, (input as { ranges: ReadRange[] }).ranges);
      case 'message.send':
        return (input as { messages: Outgoing[] }).messages.map((message) => this.#send(self, message));
      case 'receipt.mark':
        for (const mark of (input as { marks: Mark[] }).marks) this.#mark(self, mark);
        return undefined;
      case 'account.snapshot':
        return this.#snapshot(self);
      case 'account.put':
        return this.#put(self, (input as { items: AccountItem[] }).items);
      case 'user.profiles':
        return (input as { userIds: UserId[] }).userIds.flatMap((user) => this.profiles.get(user) ?? []);
      case 'asset.offer':
        return (input as { assets: AssetHashes[] }).assets.map(({ id }) =>
          this.assets.has(id)
            ? { id, state: 'stored', until: this.clock.now() + 1_000 }
            : { id, state: 'wanted' },
        );
      case 'presence.watch':
        return [];
      default:
        return undefined;
    }
  }

  #heads({ userId }: Self, { only, cursor, limit = 100 }: Partial<HeadsQuery>) {
    const all = [...this.logs.values()].filter(
      (log) => conversationKind(log.id) !== 'account' && log.spans.has(userId),
    );
    const sorted = all.filter((log) => !only || only.includes(log.id)).sort((a, b) => lastAt(b) - lastAt(a));
    const from = Number(cursor ?? 0);
    const heads = sorted.slice(from, from + limit).map((log) => headOf(log, userId));
    const more = from + limit < sorted.length ? { next: String(from + limit) } : {};
    return { heads, accountHead: this.log(accountId(userId)).head, ...more };
  }

  #read({ userId }: Self, ranges: readonly ReadRange[]) {
    let left = 1_000;
    return ranges.map((range) => {
      const { conversationId, first } = range;
      if (conversationId === this.unreadable)
        return {
          conversationId,
          head: 0,
          first,
          last: first - 1,
          entries: [],
          effects: [],
          error: 'unavailable',
        };
      const page = this.log(range.conversationId).read(userId, range, Math.min(range.limit, left));
      left = Math.max(1, left - page.entries.length);
      return page;
    });
  }

  #send(self: Self, message: Outgoing): SendResult {
    const log = this.logs.get(message.conversationId);
    const span = log?.spans.get(self.userId);
    if (!log || !span || span.removedSeq !== null)
      return { clientId: message.clientId, error: 'not-a-member' };
    const { clientId, kind, content, target } = message;
    if (message.assets?.some((asset) => !this.assets.has(asset))) return { clientId, error: 'asset-missing' };
    const refused = this.faults.refuseSend(message);
    if (refused) return { clientId, ...refused };
    const sent = {
      kind,
      sender: self.userId,
      device: self.deviceId,
      clientId,
      sentAt: this.clock.now(),
      content,
    };
    const stored =
      message.retrySince === undefined || this.faults.forgetSend() ? undefined : log.findSend(sent);
    if (stored) return { clientId, seq: stored.seq, sentAt: stored.sentAt, again: true };
    const entry = log.append(target === undefined ? sent : { ...sent, target });
    this.tell(entry);
    return { clientId, seq: entry.seq, sentAt: entry.sentAt };
  }

  #mark(self: Self, mark: Mark): void {
    const log = this.log(mark.conversationId);
    const before = log.marksOf(self.userId);
    const read = Math.min(log.endFor(self.userId), Math.max(before.read, mark.read));
    const delivered = Math.min(log.endFor(self.userId), Math.max(before.delivered, mark.delivered, read));
    if (delivered === before.delivered && read === before.read) return;
    log.marks.set(self.userId, { delivered, read });
    const at = { conversationId: log.id, delivered: seq(delivered), read: seq(read) };
    this.push(self.userId, { type: 'own-marks', ...at }, self.deviceId);
    for (const user of log.spans.keys()) {
      if (user !== self.userId)
        this.push(user, { type: 'marks', conversationId: log.id, ...othersOf(log, user) });
    }
  }

  #put({ userId }: Self, items: readonly AccountItem[]) {
    const log = this.log(accountId(userId));
    for (const item of items) {
      const entry = log.append({
        kind: 'account',
        sender: userId,
        sentAt: this.clock.now(),
        content: JSON.stringify(item),
      });
      this.push(userId, { type: 'entry', entry });
    }
    return { seq: log.head };
  }

  #snapshot({ userId }: Self) {
    const log = this.log(accountId(userId));
    const fold = new Map<string, unknown>();
    for (const entry of log.list()) {
      const { key, value } = JSON.parse(entry.content) as AccountItem;
      if (value === null) fold.delete(key);
      else fold.set(key, value);
    }
    return { seq: log.head, items: [...fold].map(([key, value]) => ({ key, value })) };
  }
}

const lastAt = (log: FakeLog): number => log.entries.get(log.head)?.sentAt ?? 0;

function othersOf(log: FakeLog, self: UserId) {
  const others = [...log.spans.keys()].filter((user) => user !== self).map((user) => log.marksOf(user));
  const least = (pick: (mark: { delivered: number; read: number }) => number) =>
    seq(Math.min(log.head, ...others.map(pick)));
  return { delivered: least((mark) => mark.delivered), read: least((mark) => mark.read) };
}

export function headOf(log: FakeLog, self: UserId): Head {
  const span = log.spans.get(self) as NonNullable<ReturnType<FakeLog['spans']['get']>>;
  const end = log.endFor(self);
  const others = othersOf(log, self);
  const { delivered, read } = log.marksOf(self);
  const last = log.list().findLast((entry) => entry.seq <= end && entry.kind === 'message');
  const isGroup = conversationKind(log.id) === 'group';
  return {
    conversationId: log.id,
    kind: isGroup ? 'group' : 'direct',
    head: seq(end),
    ...span,
    role: 'member',
    delivered: seq(delivered),
    read: seq(read),
    othersDelivered: others.delivered,
    othersRead: others.read,
    unread: log.unreadFor(self),
    headAt: log.entries.get(end)?.sentAt ?? 0,
    last: last ?? null,
    group: isGroup ? { name: 'Group', description: '', iconId: null, memberCount: log.spans.size } : null,
    peer: peerOf(log.id, self),
  };
}

const copied = <T>(value: T): T => (value === undefined ? value : JSON.parse(JSON.stringify(value)));
