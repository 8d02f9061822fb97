import type { Clock } from '@tidings/api/clock';
import { type Entry, sendKey } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import type { AssetId, ConversationId, Seq, UserId } from '@tidings/api/ids';
import type { Outgoing } from '@tidings/api/message';
import type { Caller } from '@tidings/api/trpc';
import type {
  AssetDirectory,
  AssetReference,
  AssetReferenceDirectory,
  CarryingSend,
} from '@tidings/db/directory/port';
import type { MessageStore } from '@tidings/db/message-store/port';
import { mayRead } from './access.ts';
import type { LogReader } from './log-reader.ts';
import type { Access, Logger } from './parts.ts';
import { logTrouble } from './trouble.ts';

/** Entries that a search for a send reads at a time. */
const chunkSize = 128;
/** Conversations that one question names. */
const conversationsAtOnce = 500;

export type CarriedAssetsParts = {
  readonly assets: AssetDirectory;
  readonly assetReferences: AssetReferenceDirectory;
  readonly access: Access;
  readonly messages: Pick<MessageStore, 'read'>;
  readonly reader: LogReader;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Where a message that carries an asset stands. */
export type CarryingPlace = { readonly asset: AssetId; readonly seq: Seq };
type Settled = { readonly places: readonly CarryingPlace[]; readonly lost: readonly CarryingSend[] };

/**
 * Which messages carry which assets. The log knows nothing of assets and the directory nothing of the log, so a send announces in the
 * directory what it is about to carry, is appended, and is settled there at its position. What a crash leaves announced is settled by
 * whoever looks at it next, or by the sweep: the send stands in the log or it doesn't.
 */
export class CarriedAssets {
  readonly #parts: CarriedAssetsParts;

  constructor(parts: CarriedAssetsParts) {
    this.#parts = parts;
  }

  /** Announces what a message carries; why it may not be sent, if it may not (ASSET4). Asked before it is appended. */
  async admit(caller: Caller, message: Outgoing): Promise<TidingsError | null> {
    const { assets, assetReferences, reader, clock } = this.#parts;
    const { conversationId, assets: carried = [] } = message;
    const [allowed, head] = await Promise.all([
      this.#maySend(caller.userId, carried),
      reader.head(conversationId),
    ]);
    if (!allowed) return missing();
    const send = sendOf(conversationId, keyOf(caller, message), carried);
    await assetReferences.announce(send, head.seq, clock.now());
    // Announced, then looked at: what is there now stays.
    if ((await assets.stored(send.assets)).length === send.assets.length) return null;
    await assetReferences.giveUp(send, clock.now());
    return missing();
  }

  /** By their own offer that was fulfilled, or because they may read a message that carries it. */
  async #maySend(user: UserId, carried: readonly AssetId[]): Promise<boolean> {
    const claims = await this.#parts.assets.claimsOf(user, carried, this.#parts.clock.now());
    const own = new Set(claims.map(({ asset }) => asset));
    const others = carried.filter((asset) => !own.has(asset));
    if (others.length === 0) return true;
    const readable = await this.#readable(user, others);
    return others.every((asset) => readable.has(asset));
  }

  async #readable(user: UserId, assets: readonly AssetId[]): Promise<ReadonlySet<AssetId>> {
    const { access, assetReferences } = this.#parts;
    const memberships = new Map(
      (await access.membershipsOf(user)).map((each) => [each.conversationId, each]),
    );
    const ids = [...memberships.keys()];
    const readable = new Set<AssetId>();
    for (let from = 0; from < ids.length; from += conversationsAtOnce) {
      const found = await assetReferences.find(assets, ids.slice(from, from + conversationsAtOnce));
      for (const { asset, conversation, seq } of found) {
        const membership = memberships.get(conversation);
        if (membership && seq !== null && mayRead(membership, seq)) readable.add(asset);
      }
    }
    return readable;
  }

  /** The message stands in its log. Never throws: what fails is settled later. */
  landed(entry: Entry, carried: readonly AssetId[]): void {
    const key = sendKey(entry);
    if (key === null) return;
    this.#settle(sendOf(entry.conversationId, key, carried), entry.seq).catch((error: unknown) =>
      logTrouble(this.#parts.logger, error, 'what a message carries is settled later'),
    );
  }

  /** Settled, then looked at: of this and a deletion at the same moment (see `erasure.ts`) one sees the other. True: it's there. */
  async #settle(send: CarryingSend, position: Seq): Promise<boolean> {
    const { assetReferences, messages, clock } = this.#parts;
    await assetReferences.settle(send, position);
    const { conversation } = send;
    const span = { conversation, first: position, last: position, from: 'oldest', limit: 1 } as const;
    const [[entry] = []] = await messages.read([span]);
    if (entry && !entry.deleted) return true;
    await assetReferences.dropAt(conversation, position, clock.now());
    return false;
  }

  /** Where messages of this conversation carry any of these assets. */
  async placesOf(
    assets: readonly AssetId[],
    conversation: ConversationId,
  ): Promise<readonly CarryingPlace[]> {
    const references = await this.#parts.assetReferences.find(assets, [conversation]);
    const settled = references.flatMap(({ asset, seq }) => (seq === null ? [] : [{ asset, seq }]));
    const open = references.filter(({ seq }) => seq === null);
    return [...settled, ...(await this.settleOpen(open)).places];
  }

  /** Settles those whose messages were appended; `lost` are the others, which may yet be on their way. */
  async settleOpen(open: readonly AssetReference[]): Promise<Settled> {
    const places: CarryingPlace[] = [];
    const lost: CarryingSend[] = [];
    const bySend = Map.groupBy(open, ({ conversation, sendKey }) => `${conversation} ${sendKey}`);
    for (const references of bySend.values()) {
      const [first] = references as [AssetReference];
      const assets = references.map(({ asset }) => asset);
      const send = { conversation: first.conversation, sendKey: first.sendKey, assets };
      const entry = await this.#find(first);
      if (!entry) lost.push(send);
      else if (await this.#settle(send, entry.seq))
        places.push(...assets.map((asset) => ({ asset, seq: entry.seq })));
    }
    return { places, lost };
  }

  /** The lowest entry of that send, which is the one that counts (SEND3). */
  async #find({ conversation, sendKey: wanted, since }: AssetReference): Promise<Entry | null> {
    const { reader } = this.#parts;
    const head = (await reader.head(conversation)).seq;
    for (let from = since + 1; from <= head; from += chunkSize) {
      const last = Math.min(head, from + chunkSize - 1);
      const entries = await reader.written(conversation, from, last, 'oldest', chunkSize);
      const found = entries.find((entry) => sendKey(entry) === wanted);
      if (found) return found;
    }
    return null;
  }
}

const sendOf = (conversation: ConversationId, key: string, assets: readonly AssetId[]): CarryingSend => ({
  conversation,
  sendKey: key,
  assets: [...new Set(assets)],
});

const keyOf = (caller: Caller, { clientId }: Outgoing): string =>
  `${caller.userId}/${caller.deviceId}/${clientId}`;

const missing = () => new TidingsError('asset-missing');
