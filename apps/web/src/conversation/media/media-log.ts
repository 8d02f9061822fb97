import { type MediaContent, type MessageContent, parseContent } from '@tidings/api/content';
import { type ConversationId, maxSeq, type Seq, seq } from '@tidings/api/ids';
import type { LocalEntry } from '@tidings/client/local-store';
import type { LocalReads } from '../../engine/device-store';
import type { MessageRow } from '../../engine/message-rows';
import { isVisual } from './sizes';

type Reads = Pick<LocalReads, 'lines'>;

const pageLines = 200;

/** A message of the local log, with what is in it. */
export type Found = { readonly entry: LocalEntry; readonly content: MessageContent };

/**
 * The messages of a conversation between two positions, those that this device holds, page by page of the log: towards the newest
 * (`1`) or the oldest (`-1`). A page may be empty of what one looks for; whoever reads stops when they have enough.
 */
export async function* messagesOf(
  reads: Reads,
  conversation: ConversationId,
  { first, last, direction }: { first: number; last: number; direction: 1 | -1 },
): AsyncGenerator<readonly Found[]> {
  let [low, high] = [first, last];
  while (low <= high) {
    const from = direction === 1 ? 'oldest' : 'newest';
    const lines = await reads.lines(conversation, seq(low), seq(high), from, pageLines);
    const ordered = direction === 1 ? lines : lines.toReversed();
    yield ordered.flatMap((entry) =>
      entry.kind === 'message' && !entry.deleted ? [{ entry, content: parseContent(entry.content) }] : [],
    );
    const end = ordered.at(-1)?.seq;
    if (end === undefined || lines.length < pageLines) return;
    if (direction === 1) low = end + 1;
    else high = end - 1;
  }
}

/** A picture or video of a message. */
export type Sight = { readonly row: MessageRow; readonly content: MediaContent; readonly index: number };

/** The picture or video before or after one, in its own message or in the next that has one; `null` at the end of what this device holds. */
export async function neighbourOf(
  reads: Reads,
  { conversation, cleared }: { conversation: ConversationId; cleared: Seq },
  { row, content, index }: Sight,
  direction: 1 | -1,
): Promise<Sight | null> {
  const within = indicesOf(content);
  const next = within[within.indexOf(index) + direction];
  if (next !== undefined) return { row, content, index: next };
  if (row.seq === null) return null;
  const [first, last] = direction === 1 ? [row.seq + 1, maxSeq] : [cleared + 1, row.seq - 1];
  for await (const page of messagesOf(reads, conversation, { first, last, direction })) {
    for (const { entry, content: found } of page) {
      if (found.type !== 'media') continue;
      const at = direction === 1 ? indicesOf(found)[0] : indicesOf(found).at(-1);
      if (at !== undefined) return { row: rowOf(entry), content: found, index: at };
    }
  }
  return null;
}

/** Where among a message's items its pictures and videos are. */
const indicesOf = ({ items }: MediaContent): number[] =>
  items.flatMap((item, index) => (isVisual(item) ? [index] : []));

export const rowOf = (entry: LocalEntry): MessageRow => ({
  type: 'entry',
  key: `seq ${entry.seq}`,
  seq: entry.seq,
  entry,
  waiting: null,
});
