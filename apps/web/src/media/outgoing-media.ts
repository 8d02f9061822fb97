import { type MediaContent, parseContent, type Quote } from '@tidings/api/content';
import { TidingsError } from '@tidings/api/errors';
import type { ClientId, ConversationId } from '@tidings/api/ids';
import { assetsOf, type MediaItem, maxMediaItems } from '@tidings/api/media';
import type { Engine } from '@tidings/client/engine-port';
import type { OutboxItem } from '@tidings/client/local-store';
import { codeOf, type Preparations, type Prepared } from './preparations';
import { idsIn, isProvisional, provisionalItem } from './provisional';
import type { Sendings } from './sendings';
import type { MediaWorkerLink } from './start-worker';

export type OutgoingParts = {
  readonly engine: Pick<Engine, 'send' | 'sendUnprepared' | 'prepared'>;
  readonly worker: MediaWorkerLink['calls'];
  readonly preparations: Preparations;
  readonly sendings: Sendings;
  /** Runs `work` in one tab at a time, and in another one when that goes away. */
  readonly alone: (name: string, work: () => Promise<void>) => Promise<void>;
  /** The item, when it still is being prepared. */
  readonly preparing: (client: ClientId) => Promise<OutboxItem | null>;
};

type Caption = { readonly text: string; readonly replyTo?: Quote | undefined };

/** From prepared files to messages in the outbox; what isn't prepared when it is sent is finished afterwards, in this page or the next. */
export class OutgoingMedia {
  readonly #parts: OutgoingParts;
  readonly #finishing = new Set<ClientId>();

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
  }

  async send(
    conversation: ConversationId,
    preparations: readonly Prepared[],
    caption: Caption,
  ): Promise<ClientId> {
    if (preparations.length === 0 || preparations.length > maxMediaItems)
      throw new TidingsError('bad-input', `${preparations.length} files in one message`);
    for (const { state } of preparations) {
      const now = state.get();
      if (now.type === 'refused') throw new TidingsError(now.code);
    }
    const ready = preparations.map((preparation) => preparation.item());
    return ready.every((item) => item !== null)
      ? this.#sendReady(conversation, contentOf(ready, caption))
      : this.#sendUnready(conversation, preparations, caption);
  }

  /** What an earlier page left. */
  resume(items: readonly OutboxItem[]): void {
    for (const { clientId, state } of items)
      if (state.type === 'preparing' && !this.#finishing.has(clientId))
        void this.#finish(clientId, (item) => this.#fromOriginals(clientId, item));
  }

  async #sendReady(conversation: ConversationId, content: MediaContent): Promise<ClientId> {
    await this.#parts.worker.adopt(assetsOf(content.items), conversation);
    return this.#parts.engine.send(conversation, content);
  }

  async #sendUnready(
    conversation: ConversationId,
    preparations: readonly Prepared[],
    caption: Caption,
  ): Promise<ClientId> {
    const { engine, worker, sendings } = this.#parts;
    const keep = async (preparation: Prepared): Promise<MediaItem> => {
      const { file, kind, wish } = preparation;
      const item = preparation.item() ?? provisionalItem(file, kind);
      if (isProvisional(item.file)) await worker.keepOriginal(item.file.asset, file, kind, wish);
      return item;
    };
    const items: MediaItem[] = [];
    for (const preparation of preparations) items.push(await keep(preparation));
    await worker.adopt(assetsOf(items), conversation);
    const client = await engine.sendUnprepared(conversation, contentOf(items, caption));
    const tell = () => sendings.preparing(client, meanOf(preparations));
    const ends = preparations.map(({ state }) => state.subscribe(tell));
    const finish = () => Promise.all(preparations.map((preparation) => preparation.result));
    void this.#finish(client, finish).finally(() => {
      for (const end of ends) end();
    });
    return client;
  }

  /** ASSET10: the message keeps its place meanwhile. */
  #finish(client: ClientId, make: (item: OutboxItem) => Promise<readonly MediaItem[]>): Promise<void> {
    const { alone, preparing, engine, worker } = this.#parts;
    this.#finishing.add(client);
    return alone(client, async () => {
      const item = await preparing(client);
      const content = item && parseContent(item.content);
      if (!item || content?.type !== 'media') return;
      const originals = idsIn(content).filter((_, index) => content.items[index] !== undefined);
      try {
        const items = await make(item);
        await worker.adopt(assetsOf(items), item.conversationId);
        await engine.prepared(client, { ...content, items });
      } catch (error) {
        await engine.prepared(client, codeOf(error));
        return;
      }
      await worker.drop(
        originals.filter((id) => content.items.some(({ file }) => file.asset === id && isProvisional(file))),
      );
    }).finally(() => this.#finishing.delete(client));
  }

  async #fromOriginals(client: ClientId, item: OutboxItem): Promise<readonly MediaItem[]> {
    const { worker, preparations, sendings } = this.#parts;
    const content = parseContent(item.content);
    const items: MediaItem[] = [];
    for (const sent of content.type === 'media' ? content.items : []) {
      if (!isProvisional(sent.file)) {
        items.push(sent);
        continue;
      }
      const original = await worker.original(sent.file.asset);
      if (!original) throw new TidingsError('not-found', 'the original is gone from this device');
      const preparation = preparations.begin(original.file, original.wish, original.kind);
      const end = preparation.state.subscribe(() => sendings.preparing(client, meanOf([preparation])));
      items.push(await preparation.result.finally(end));
    }
    return items;
  }
}

const contentOf = (items: readonly MediaItem[], { text, replyTo }: Caption): MediaContent => ({
  type: 'media',
  items,
  text,
  ...(replyTo && { replyTo }),
});

function meanOf(preparations: readonly Prepared[]): number {
  const done = preparations.map(({ state }) => {
    const now = state.get();
    return now.type === 'working' ? now.fraction : 1;
  });
  return done.reduce((sum, fraction) => sum + fraction, 0) / done.length;
}
