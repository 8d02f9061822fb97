import { type MessageContent, parseContent } from '@tidings/api/content';
import type { ConversationId, Seq } from '@tidings/api/ids';
import { seq } from '@tidings/api/ids';
import type { LocalEntry } from '@tidings/client/local-store';
import type { LocalReads } from '../../engine/device-store';

export type Hit = { readonly entry: LocalEntry; readonly text: string; readonly at: number };

const pageLines = 500;

/** Lower case, without accents: what people type when they look for something. */
export const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLocaleLowerCase();

/**
 * Messages of a conversation that contain `query`, newest first, a page of the local log at a time: what this device doesn't hold
 * isn't found. Ends after the page in which `most` were found.
 */
export async function* searchLog(
  reads: Pick<LocalReads, 'lines'>,
  from: { conversation: ConversationId; first: Seq; last: Seq; query: string; most: number },
): AsyncGenerator<readonly Hit[]> {
  const wanted = folded(from.query.trim());
  let { last } = from;
  let found = 0;
  while (wanted !== '' && last >= from.first && found < from.most) {
    const lines = await reads.lines(from.conversation, from.first, last, 'newest', pageLines);
    const hits = lines.toReversed().flatMap((entry) => hitOf(entry, wanted) ?? []);
    found += hits.length;
    yield hits;
    const lowest = lines[0]?.seq;
    if (lowest === undefined || lowest <= 1 || lines.length < pageLines) return;
    last = seq(lowest - 1);
  }
}

function hitOf(entry: LocalEntry, wanted: string): Hit | null {
  if (entry.kind !== 'message' || entry.deleted) return null;
  const text = searchedText(parseContent(entry.content));
  const at = folded(text).indexOf(wanted);
  return at < 0 ? null : { entry, text, at };
}

/** What people wrote, and what the things are called that they sent. */
export function searchedText(content: MessageContent): string {
  if (content.type === 'unknown') return content.fallback;
  return [content.text, ...namesIn(content)].filter(Boolean).join(' · ');
}

function namesIn(content: Exclude<MessageContent, { type: 'unknown' }>): readonly string[] {
  switch (content.type) {
    case 'text':
      return [];
    case 'media':
      return content.items.map(({ name }) => name ?? '');
    case 'place':
      return [content.place.label ?? ''];
    case 'contact':
      return [content.contact.name];
  }
}

/** The part of a text around what was found, split there. */
export function excerpt(text: string, query: string): readonly [string, string, string] {
  const wanted = query.trim().toLocaleLowerCase();
  const at = text.toLocaleLowerCase().indexOf(wanted);
  if (at < 0) return [text.slice(0, 160), '', ''];
  const start = Math.max(0, at - 60);
  const end = at + wanted.length;
  return [`${start > 0 ? '…' : ''}${text.slice(start, at)}`, text.slice(at, end), text.slice(end, end + 120)];
}
