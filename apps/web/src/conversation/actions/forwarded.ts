import type { SentContent } from '@tidings/api/content';

/** A message as it is passed on: without what it answered and whom it named, and counting how often that was done. */
export function forwarded(content: SentContent): SentContent {
  const { replyTo: _, mentions: __, ...passedOn } = content;
  return { ...passedOn, forwarded: (content.forwarded ?? 0) + 1 };
}
