import {
  type AssetId,
  type ConversationId,
  type Seq,
  seq,
  type Timestamp,
  trustedConversationId,
} from '@tidings/api/ids';
import { type DirectoryClient, guarded, isTaken } from './client.ts';
import type { AssetReferenceModel } from './generated/sqlite/models/AssetReference.ts';
import type { AssetReference, AssetReferenceDirectory, CarryingSend } from './port.ts';

/** References that one transaction drops. */
const dropAtOnce = 500;

/** Which messages carry what. Dropping the reference and marking its asset as perhaps unused are one transaction. */
export class PrismaAssetReferences implements AssetReferenceDirectory {
  readonly #client: DirectoryClient;

  constructor(client: DirectoryClient) {
    this.#client = client;
  }

  async announce(send: CarryingSend, since: Seq, now: Timestamp): Promise<void> {
    const { assetReference, asset } = this.#client;
    const rows = send.assets.map((id) => ({ ...rowOf(send, id), since, openSince: new Date(now) }));
    const needed = () =>
      asset.updateMany({ where: { id: { in: [...send.assets] } }, data: { unusedSince: null } });
    await guarded(async () => {
      try {
        await this.#client.$transaction([assetReference.createMany({ data: rows }), needed()]);
      } catch (error) {
        if (!isTaken(error)) throw error;
        // Some were announced before.
        await this.#client.$transaction([
          ...rows.map((row) => assetReference.upsert({ where: keyOf(row), create: row, update: {} })),
          needed(),
        ]);
      }
    });
  }

  async settle(send: CarryingSend, position: Seq): Promise<void> {
    const { assetReference } = this.#client;
    const { conversation: conversationId, sendKey, assets } = send;
    const settled = { seq: position, openSince: null };
    const { count } = await guarded(() =>
      assetReference.updateMany({
        where: { assetId: { in: [...assets] }, conversationId, sendKey },
        data: settled,
      }),
    );
    if (count >= assets.length) return;
    const rows = assets.map((id) => ({ ...rowOf(send, id), since: position, ...settled }));
    await guarded(() =>
      this.#client.$transaction(
        rows.map((row) => assetReference.upsert({ where: keyOf(row), create: row, update: settled })),
      ),
    );
  }

  async find(
    assets: readonly AssetId[],
    conversations: readonly ConversationId[],
  ): Promise<readonly AssetReference[]> {
    if (assets.length === 0 || conversations.length === 0) return [];
    const where = { assetId: { in: [...assets] }, conversationId: { in: [...conversations] } };
    return (await guarded(() => this.#client.assetReference.findMany({ where }))).map(referenceOf);
  }

  async open(before: Timestamp, limit: number): Promise<readonly AssetReference[]> {
    const where = { openSince: { lt: new Date(before) } };
    const query = { where, orderBy: { openSince: 'asc' }, take: limit } as const;
    return (await guarded(() => this.#client.assetReference.findMany(query))).map(referenceOf);
  }

  giveUp({ conversation: conversationId, sendKey, assets }: CarryingSend, now: Timestamp): Promise<void> {
    return this.#drop({ assetId: { in: [...assets] }, conversationId, sendKey, seq: null }, now);
  }

  dropAt(conversationId: ConversationId, position: Seq, now: Timestamp): Promise<void> {
    return this.#drop({ conversationId, seq: position }, now);
  }

  dropUpTo(conversationId: ConversationId, position: Seq, now: Timestamp): Promise<void> {
    return this.#drop({ conversationId, seq: { lte: position } }, now);
  }

  /** Most messages carry nothing: then this is one look. */
  async #drop(where: Dropped, now: Timestamp): Promise<void> {
    const { assetReference, asset } = this.#client;
    for (;;) {
      const rows = await guarded(() => assetReference.findMany({ where, take: dropAtOnce }));
      if (rows.length === 0) return;
      const ids = [...new Set(rows.map(({ assetId }) => assetId))];
      await guarded(() =>
        this.#client.$transaction([
          ...rows.map((row) => assetReference.deleteMany({ where: { ...where, ...namesOf(row) } })),
          asset.updateMany({ where: { id: { in: ids } }, data: { unusedSince: new Date(now) } }),
        ]),
      );
    }
  }
}

type Dropped = {
  readonly conversationId: string;
  readonly assetId?: { in: string[] };
  readonly sendKey?: string;
  readonly seq: null | number | { lte: number };
};

const rowOf = ({ conversation, sendKey }: CarryingSend, assetId: AssetId) => ({
  assetId,
  conversationId: conversation,
  sendKey,
});

type Key = { readonly assetId: string; readonly conversationId: string; readonly sendKey: string };

const namesOf = ({ assetId, conversationId, sendKey }: Key): Key => ({ assetId, conversationId, sendKey });
const keyOf = (row: Key) => ({ assetId_conversationId_sendKey: namesOf(row) });

const referenceOf = (row: AssetReferenceModel): AssetReference => ({
  asset: row.assetId as AssetId,
  conversation: trustedConversationId(row.conversationId),
  sendKey: row.sendKey,
  seq: row.seq === null ? null : seq(row.seq),
  since: seq(row.since),
});
