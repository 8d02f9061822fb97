import type { Quote } from '@tidings/api/content';
import type { MessageRow } from '../../engine/message-rows';
import { parsedContent } from '../text/content';
import { preview } from '../text/shorten';
import { loadSummaries } from '../text/use-summary';

/** Characters of a message that travel with an answer to it. */
const quotedCharacters = 200;

/** What an answer to a message carries of it, in the words of `locale`; null for what can't be answered. */
export async function quoteOf(row: MessageRow, locale: string): Promise<Quote | null> {
  if (row.type !== 'entry' || row.entry.kind !== 'message' || row.entry.deleted) return null;
  const { seq, entry } = row;
  return { seq, sender: entry.sender, preview: preview(await wordsOf(row, locale), quotedCharacters) };
}

/** What it says in words, as this device reads it. */
export async function wordsOf(row: MessageRow, locale: string): Promise<string> {
  const content = parsedContent(row);
  if (content.type === 'text') return content.text;
  if (content.type === 'unknown') return content.fallback;
  // Offline, and never seen one before: better what is written with it than no answer at all.
  return loadSummaries().then(
    ({ summaryOf }) => summaryOf(content, locale),
    () => content.text,
  );
}
