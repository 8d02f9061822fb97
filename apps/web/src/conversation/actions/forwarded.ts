import type { TextContent } from '@tidings/api/content';

/** The words of a message as they are passed on: without what they answered, and counting how often that was done. */
export const forwarded = ({ text, forwarded: before = 0 }: TextContent): TextContent => ({
  type: 'text',
  text,
  forwarded: before + 1,
});
