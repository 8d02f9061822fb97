import { heightIn, mostWidth, sizeOf } from '../media/sizes';
import { parsedContent } from '../text/content';
import { isNotice, type Line } from './lines';

/** What goes into the height of a line, in pixels as the style sheets have them. */
const lineHeight = 21;
const bubblePadding = 14;
/** Around what a message carries, and around the words below it. */
const mediaPadding = 6;
const captionPadding = 8;
const metaHeight = 23;
const quoteHeight = 52;
const reactionsHeight = 28;
const noticeHeight = 40;
const dayHeight = 52;
const dividerHeight = 52;
const groupGap = 10;
const nameHeight = 20;
/** Beyond this a text is folded. */
const mostTextHeight = 560;

/**
 * About how high a line will be. It is measured when it comes near the screen; the better the guess, the less has to be put
 * right above what one reads.
 */
export function estimateHeight(line: Line, { width, named }: { width: number; named: boolean }): number {
  const around = (line.opensDay ? dayHeight : 0) + (line.unreadFromHere > 0 ? dividerHeight : 0);
  if (isNotice(line.row)) return around + noticeHeight;
  const head = line.first ? groupGap + (named ? nameHeight : 0) : 2;
  const entry = line.row.type === 'entry' ? line.row.entry : null;
  const reactions = entry?.reactions && Object.keys(entry.reactions).length > 0 ? reactionsHeight : 0;
  const content = parsedContent(line.row);
  const quote = content.type !== 'unknown' && content.replyTo ? quoteHeight : 0;
  const text = content.type === 'unknown' ? content.fallback : content.text;
  const size = sizeOf(content);
  const column = Math.min(width * 0.72, 544);
  if (!size) return around + head + bubblePadding + quote + textHeight(text, column) + reactions;
  // Without words the time stands on what is carried, or in its last line; only a contact has none to spare.
  const last = content.type === 'contact' ? metaHeight : 0;
  const caption = text === '' ? last : captionPadding + textHeight(text, Math.min(column, mostWidth));
  return around + head + mediaPadding + quote + heightIn(width * 0.8, size) + caption + reactions;
}

function textHeight(text: string, column: number): number {
  const perLine = Math.max(20, column / 7.4);
  let lines = 0;
  for (const part of text.slice(0, 2_000).split('\n'))
    lines += Math.max(1, Math.ceil((part.length + 6) / perLine));
  return Math.min(lines * lineHeight, mostTextHeight);
}
