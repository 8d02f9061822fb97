import { type MessageContent, parseContent } from '@tidings/api/content';
import type { LocalEntry, OutboxItem } from '@tidings/client/local-store';
import type { MessageRow } from '../../engine/message-rows';

const parsed = new WeakMap<LocalEntry | OutboxItem, MessageContent>();

/** The content of a row, parsed once as long as the row stays what it is. */
export function parsedContent(row: MessageRow): MessageContent {
  const holder = row.type === 'outbox' ? row.item : row.entry;
  const known = parsed.get(holder);
  if (known) return known;
  const content = parseContent(holder.content);
  parsed.set(holder, content);
  return content;
}
