import { type Entry, sendKey } from '@tidings/api/entry';
import type { ClientId, ConversationId, UserId } from '@tidings/api/ids';
import type { Outgoing } from '@tidings/api/message';
import type { Caller } from '@tidings/api/trpc';
import type { LogReader } from './log-reader.ts';
import type { Granted } from './parts.ts';
import type { TailCache } from './tail-cache.ts';

const chunkSize = 128;

/**
 * Finds what an earlier attempt of a send left in the log (SEND2). An attempt can have stored its entry no lower than the head
 * that the device knew when it first tried, so that is where the search begins; the lowest copy is the one that counts (SEND3).
 */
export class SendSearch {
  readonly #parts: { readonly reader: LogReader; readonly tails: TailCache };
  /** One search at a time for each user: `retrySince` is theirs to choose, and the log may be long. */
  readonly #searching = new Map<UserId, Promise<unknown>>();

  constructor(parts: { readonly reader: LogReader; readonly tails: TailCache }) {
    this.#parts = parts;
  }

  async find(
    caller: Caller,
    granted: Granted,
    retries: readonly Outgoing[],
  ): Promise<ReadonlyMap<ClientId, Entry>> {
    const [first] = retries;
    if (!first) return new Map();
    const before = this.#searching.get(caller.userId);
    const search = (before ?? Promise.resolve()).then(() =>
      this.#find(caller, granted, first.conversationId, retries),
    );
    const settled = search.catch(() => {});
    this.#searching.set(caller.userId, settled);
    try {
      return await search;
    } finally {
      if (this.#searching.get(caller.userId) === settled) this.#searching.delete(caller.userId);
    }
  }

  async #find(
    caller: Caller,
    granted: Granted,
    conversation: ConversationId,
    retries: readonly Outgoing[],
  ): Promise<Map<ClientId, Entry>> {
    const wanted = new Map(
      retries.map(({ clientId }) => [
        sendKey({ sender: caller.userId, device: caller.deviceId, clientId }),
        clientId,
      ]),
    );
    const found = new Map<ClientId, Entry>();
    const since = Math.min(...retries.map(({ retrySince }) => retrySince as number));
    const head = (await this.#parts.reader.head(conversation)).seq;
    for (
      let from = Math.max(since + 1, granted.membership.joinedSeq);
      from <= head && wanted.size > 0;
      from += chunkSize
    ) {
      for (const entry of await this.#written(conversation, from, Math.min(head, from + chunkSize - 1))) {
        const key = sendKey(entry);
        const clientId = wanted.get(key);
        if (clientId === undefined) continue;
        found.set(clientId, entry);
        wanted.delete(key);
      }
    }
    return found;
  }

  async #written(conversation: ConversationId, first: number, last: number): Promise<readonly Entry[]> {
    const { reader, tails } = this.#parts;
    return (
      tails.range(conversation, first, last) ?? reader.written(conversation, first, last, 'oldest', chunkSize)
    );
  }
}
