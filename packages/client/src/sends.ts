import type { AssetHashes } from '@tidings/api/asset';
import { encodeContent, type SentContent } from '@tidings/api/content';
import type { ConversationId, Seq } from '@tidings/api/ids';
import type { EncryptedFile } from '@tidings/api/media';
import type { OutboxItem } from './local-store.ts';

/** What is put into the outbox: an item before it has an id and a time. */
export type Send = Pick<OutboxItem, 'conversationId' | 'kind' | 'content' | 'assets' | 'state'> & {
  readonly target?: Seq | undefined;
};

/**
 * A message. Its files are brought to the server first (ASSET10), unless it is a forward: then the server has them, and says so when it
 * doesn't (ASSET11).
 */
export function messageSend(conversationId: ConversationId, content: SentContent): Send {
  const send = { conversationId, kind: 'message', content: encodeContent(content) } as const;
  const assets = hashesOf(content);
  if (assets.length === 0) return { ...send, state: { type: 'waiting' } };
  return { ...send, assets, state: { type: content.forwarded ? 'waiting' : 'uploading' } };
}

/** A message whose files aren't ready: it keeps its place until {@link Engine.prepared} says what it is. */
export const unpreparedSend = (conversationId: ConversationId, content: SentContent): Send => ({
  ...{ conversationId, kind: 'message', content: encodeContent(content) },
  assets: [],
  state: { type: 'preparing' },
});

export const changeSend = (
  conversationId: ConversationId,
  kind: 'edit' | 'delete' | 'reaction',
  target: Seq,
  content: string,
): Send => ({ conversationId, kind, target, content, state: { type: 'waiting' } });

/** The assets that a content refers to, each once. */
export function hashesOf(content: SentContent): readonly AssetHashes[] {
  if (content.type !== 'media') return [];
  const files = content.items.flatMap(({ file, poster }) => (poster ? [file, poster] : [file]));
  return [...new Map(files.map((file) => [file.asset, hashes(file)])).values()];
}

const hashes = ({ asset, check, bytes }: EncryptedFile): AssetHashes => ({ id: asset, check, bytes });
