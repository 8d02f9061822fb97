import { type AccountApi, type AccountItem, type AccountSnapshot, isClientItem } from '@tidings/api/account';
import type { Entry } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import { accountId, type Seq, seq, type UserId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import type { AccountPut, AccountStateStore } from '@tidings/db/account-state/port';
import type { LogReader } from './log-reader.ts';
import type { ServerAppender } from './server-appender.ts';

const pageSize = 1_000;
const foldBytes = 8_000_000;

export type AccountServiceParts = {
  readonly appender: ServerAppender;
  readonly reader: LogReader;
  readonly states: AccountStateStore;
};

/** A user's own log: puts from any of their devices, and its fold for a device that begins. */
export class AccountService implements AccountApi {
  readonly #parts: AccountServiceParts;

  constructor(parts: AccountServiceParts) {
    this.#parts = parts;
  }

  async put(caller: Caller, items: readonly AccountItem[]): Promise<{ readonly seq: Seq }> {
    const wrong = items.find((item) => !isClientItem(item));
    if (wrong || items.length === 0) throw new TidingsError('bad-input', 'not a key or value of the account');
    return this.#parts.appender.putAccount(caller.userId, items, caller.deviceId);
  }

  /**
   * The first page brings the stored fold up to the log's head and says so; the following ones may hold what was put since,
   * which does no harm: who reads the log from the first page's position applies it once more.
   */
  async snapshot(caller: Caller, cursor = ''): Promise<AccountSnapshot> {
    if (cursor === '') await this.#foldUp(caller.userId);
    const fold = await this.#parts.states.read(caller.userId, cursor, pageSize);
    const last = fold.items.length === pageSize ? fold.items.at(-1) : undefined;
    return { seq: fold.seq, items: [...fold.items], ...(last ? { next: last.key } : {}) };
  }

  async #foldUp(user: UserId): Promise<void> {
    const { reader, states } = this.#parts;
    const conversation = accountId(user);
    const [{ seq: head }, fold] = await Promise.all([reader.head(conversation), states.read(user, '', 1)]);
    for (let first = fold.seq + 1; first <= head; ) {
      const query = {
        conversation,
        first,
        last: head,
        from: 'oldest',
        limit: pageSize,
        maxBytes: foldBytes,
        head,
      } as const;
      const page = await reader.page(query);
      // A hole that may still fill: the fold ends below it, and so does the snapshot's position.
      if (page.last < first) return;
      await states.apply(user, page.entries.flatMap(putOf), page.last);
      first = page.last + 1;
    }
  }
}

function putOf(entry: Entry): AccountPut[] {
  if (entry.kind !== 'account') return [];
  const { key, value } = JSON.parse(entry.content) as AccountItem;
  return [{ key, value: value ?? null, seq: seq(entry.seq) }];
}
