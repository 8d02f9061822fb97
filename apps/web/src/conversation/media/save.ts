import type { ConversationId } from '@tidings/api/ids';
import type { MediaItem } from '@tidings/api/media';
import type { Media } from '@/media/port';
import { saveName } from '@/media/save-name';

/** Brings a file here if need be and gives it to the browser's downloads. Rejects as {@link Media.open}. */
export async function saveItem(media: Media, conversation: ConversationId, item: MediaItem): Promise<void> {
  const blob = await media.open(conversation, item.file, item.kind);
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = saveName(item.name, nameFor(item, blob.type));
  link.click();
  // The browser has begun to read it by then, and keeps what it reads.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** One after the other, as the browser wants it. */
export async function saveItems(
  media: Media,
  conversation: ConversationId,
  items: readonly MediaItem[],
): Promise<void> {
  for (const item of items) await saveItem(media, conversation, item);
}

/** What was made on a phone or recorded here has no name. */
function nameFor(item: MediaItem, mime: string): string {
  const extension = extensions[mime] ?? extensions[item.mime] ?? 'bin';
  return `tidings-${item.kind}-${item.file.asset.slice(0, 8)}.${extension}`;
}

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/quicktime': 'mov',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/webm': 'weba',
  'audio/wav': 'wav',
  'application/pdf': 'pdf',
};
