const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** One or two letters for a name: of its first and last word. Empty for a name without any. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}\p{Emoji_Presentation}]/u.test(word));
  const first = words[0];
  if (!first) return '';
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return `${initialOf(first)}${last ? initialOf(last) : ''}`;
}

function initialOf(word: string): string {
  const letters = word.replace(/^[^\p{L}\p{N}\p{Emoji_Presentation}]+/u, '');
  for (const { segment } of graphemes.segment(letters)) return segment.toUpperCase();
  return '';
}
