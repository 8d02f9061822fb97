const mostCharacters = 1_200;
const mostBreaks = 24;

/** The beginning of a long text, cut where a word ends; `null` when it is short enough to be shown whole. */
export function beginningOf(text: string): string | null {
  const byBreaks = cutAfterBreaks(text);
  const cut = Math.min(text.length, mostCharacters, byBreaks);
  // A fold that hides a line or two would cost more than it saves.
  if (text.length - cut < mostCharacters / 4 && byBreaks === text.length) return null;
  if (cut === text.length) return null;
  const end = cut === byBreaks ? cut : endOfWord(text, cut);
  return text.slice(0, end).trimEnd();
}

function cutAfterBreaks(text: string): number {
  let at = -1;
  for (let breaks = 0; breaks < mostBreaks; breaks += 1) {
    at = text.indexOf('\n', at + 1);
    if (at === -1) return text.length;
  }
  return at;
}

/** Back to the last space of the final 40 characters; never between the halves of one character. */
function endOfWord(text: string, cut: number): number {
  const space = text.lastIndexOf(' ', cut);
  if (space > cut - 40) return space;
  const splits = /[\uDC00-\uDFFF\uFE0F\u200D\p{M}\p{Emoji_Modifier}]/v;
  let end = cut;
  while (end > cut - 40 && splits.test(text.charAt(end))) end -= 1;
  return end;
}

/** The first characters of a text on one line: for quotes and announcements. */
export function preview(text: string, most: number): string {
  const line = text
    .slice(0, most * 4)
    .replace(/\s+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line;
}
