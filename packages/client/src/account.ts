import type { AccountItem, AccountSnapshot } from '@tidings/api/account';
import type { Clock, Random } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import { accountId, type ConversationId, type Seq, seq, trustedConversationId } from '@tidings/api/ids';
import type { RangePage } from '@tidings/api/message';
import { limits } from '@tidings/api/protocol';
import { persist } from './backoff.ts';
import type { Self } from './draft.ts';
import type { Inbox } from './inbox.ts';
import type { LocalStore } from './local-store.ts';
import { next } from './ranges.ts';
import type { Api } from './transport.ts';
import { UntoldItems } from './untold-items.ts';

const positionKey = '~account';
/** How long the push of a put that was told is waited for before the log is read. */
const echoMs = 1_000;

export type AccountParts = {
  readonly inbox: Inbox;
  readonly store: Pick<LocalStore, 'items'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly self: Self;
  /** The server says that something changed which isn't in this log. */
  readonly wakeUps: { conversation(id: ConversationId): void; profile(): void };
};

/**
 * ACCT1: the account's state on this device: the fold of the user's own log up to a position, with what this device has put and
 * the log doesn't have yet on top of it.
 */
export class Account {
  readonly #parts: AccountParts;
  readonly #untold: UntoldItems;
  /** `null`: never synced. */
  #seq: Seq | null = null;
  #line: { readonly api: Api; stopped: boolean } | null = null;
  /** The line on which the log is being read. */
  #reading: Api | null = null;

  constructor(parts: AccountParts) {
    this.#parts = parts;
    this.#untold = new UntoldItems(parts);
  }

  async load(): Promise<void> {
    const [position] = await this.#parts.store.items([positionKey]);
    this.#seq = (position as { seq: Seq } | undefined)?.seq ?? null;
    await this.#untold.load();
  }

  /** Local at once and kept; told to the server when there is a line (ACCT3). */
  async put(items: readonly AccountItem[]): Promise<void> {
    const stored = this.#untold.add(items);
    await this.#parts.inbox.take({ type: 'items', items: [...items, stored] });
    this.#tell();
  }

  /** On a new line: brings the fold to at least `head`, then tells what waits. */
  async open(api: Api): Promise<void> {
    const line = { api, stopped: false };
    this.#line = line;
    if (this.#seq === null) await this.#takeSnapshot(line);
    await this.#readOn(line);
    this.#tell();
  }

  close(): void {
    if (this.#line) this.#line.stopped = true;
    this.#line = null;
  }

  /** What the server says the log's head is. */
  headIs(head: Seq): void {
    if (this.#line && this.#seq !== null && head > this.#seq) void this.#readOn(this.#line);
  }

  async pushed(entries: readonly Entry[]): Promise<void> {
    if (this.#seq === null) return;
    const joining: Entry[] = [];
    let last: number = this.#seq;
    for (const entry of [...entries].sort((a, b) => a.seq - b.seq)) {
      if (entry.seq !== last + 1) continue;
      joining.push(entry);
      last = entry.seq;
    }
    if (joining.length > 0) await this.#fold(joining, seq(last));
    if (this.#line && entries.some((entry) => entry.seq > last)) await this.#readOn(this.#line);
  }

  async #takeSnapshot(line: { api: Api; stopped: boolean }): Promise<void> {
    let first: AccountSnapshot | null = null;
    let cursor: string | undefined;
    do {
      const input = cursor === undefined ? {} : { cursor };
      const page = await persist(() => line.api.account.snapshot.query(input), this.#patience(line));
      if (!page) return;
      first ??= page as AccountSnapshot;
      await this.#parts.inbox.take({ type: 'items', items: this.#untold.shown(page.items as AccountItem[]) });
      cursor = page.next;
    } while (cursor !== undefined);
    await this.#parts.inbox.take({ type: 'items', items: [{ key: positionKey, value: { seq: first.seq } }] });
    this.#seq = first.seq;
  }

  /** Reads what comes after the fold until there is no more. */
  async #readOn(line: { api: Api; stopped: boolean }): Promise<void> {
    // One that went away may still be waiting for its next try: the new line doesn't wait for it.
    if (this.#reading === line.api || this.#seq === null) return;
    this.#reading = line.api;
    try {
      while (!line.stopped) {
        const page = await this.#readPage(line, next(this.#seq));
        if (!page) return;
        if (page.last >= page.first && page.last > this.#seq) await this.#fold(page.entries, page.last);
        else if (page.holeRetryMs === undefined) return;
        if (page.holeRetryMs !== undefined) await this.#wait(page.holeRetryMs + 1);
        else if (page.last >= page.head) return;
      }
    } finally {
      if (this.#reading === line.api) this.#reading = null;
    }
  }

  async #readPage(line: { api: Api; stopped: boolean }, first: Seq): Promise<RangePage | null> {
    const range = {
      conversationId: accountId(this.#parts.self.userId),
      first,
      last: seq(first + limits.page - 1),
      from: 'oldest' as const,
      limit: limits.page,
    };
    return persist(async () => {
      const [page] = (await line.api.message.read.query({ ranges: [range] })) as RangePage[];
      if (!page || page.error) throw new TidingsError(page?.error ?? 'internal', 'the account log');
      return page;
    }, this.#patience(line));
  }

  /** Entries after the fold, without a gap up to `through`. */
  async #fold(entries: readonly Entry[], through: Seq): Promise<void> {
    const fresh = entries.filter((entry) => entry.seq > (this.#seq ?? 0));
    const puts = fresh.flatMap((entry) => putOf(entry));
    this.#seq = through;
    const items = [...this.#untold.logged(puts), ...this.#untold.settled(through)];
    await this.#parts.inbox.take({
      type: 'items',
      items: [...items, { key: positionKey, value: { seq: through } }],
    });
    this.#wakeUp(puts);
  }

  #wakeUp(puts: readonly AccountItem[]): void {
    const { wakeUps } = this.#parts;
    for (const { key } of puts) {
      if (key.startsWith('conversation:'))
        wakeUps.conversation(trustedConversationId(key.slice('conversation:'.length)));
      if (key === 'profile') wakeUps.profile();
    }
  }

  #tell(): void {
    const line = this.#line;
    if (!line || this.#seq === null) return;
    void this.#untold
      .tell(line.api, () => line.stopped)
      .then((upTo) => {
        if (upTo === null) return;
        this.#parts.clock.after(echoMs, () => this.headIs(upTo));
        const items = this.#untold.settled(this.#seq ?? seq(0));
        if (items.length > 0) void this.#parts.inbox.take({ type: 'items', items });
      });
  }

  #patience = (line: { stopped: boolean }) => ({ ...this.#parts, stopped: () => line.stopped });

  #wait = (ms: number): Promise<void> => new Promise((resolve) => void this.#parts.clock.after(ms, resolve));
}

function putOf(entry: Entry): AccountItem[] {
  if (entry.kind !== 'account') return [];
  try {
    const { key, value } = JSON.parse(entry.content) as AccountItem;
    return typeof key === 'string' ? [{ key, value: value ?? null }] : [];
  } catch {
    return [];
  }
}
