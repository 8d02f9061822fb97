import { parsedContent } from '../text/content';
import { isNotice, type Line } from './lines';

/** What goes into the height of a line, in pixels as the style sheets have them. */
const lineHeight = 21;
const bubblePadding = 14;
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
  const quote = content.type === 'text' && content.replyTo ? quoteHeight : 0;
  const text = content.type === 'text' ? content.text : content.fallback;
  return around + head + bubblePadding + quote + textHeight(text, width) + reactions;
}

function textHeight(text: string, width: number): number {
  const perLine = Math.max(20, Math.min(width * 0.72, 544) / 7.4);
  let lines = 0;
  for (const part of text.slice(0, 2_000).split('\n'))
    lines += Math.max(1, Math.ceil((part.length + 6) / perLine));
  return Math.min(lines * lineHeight, mostTextHeight);
}
