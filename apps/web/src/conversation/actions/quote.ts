import type { Quote } from '@tidings/api/content';
import type { MessageRow } from '../../engine/message-rows';
import { parsedContent } from '../text/content';
import { preview } from '../text/shorten';

/** Characters of a message that travel with an answer to it. */
const quotedCharacters = 200;

/** What an answer to a message carries of it; null for what can't be answered. */
export function quoteOf(row: MessageRow): Quote | null {
  if (row.type !== 'entry' || row.entry.kind !== 'message' || row.entry.deleted) return null;
  const content = parsedContent(row);
  const text = content.type === 'text' ? content.text : content.fallback;
  return { seq: row.seq, sender: row.entry.sender, preview: preview(text, quotedCharacters) };
}
