const onlyEmoji = /^(?:\p{RGI_Emoji}\s*){1,3}$/v;
const oneEmoji = /\p{RGI_Emoji}/gv;
/** One emoji of a family with skin tones is up to about 35 UTF-16 units: more than three of those needn't be looked at. */
const longest = 120;

/** 1 to 3 when a text is nothing but so many emoji, which show larger; 0 otherwise. */
export function emojiCount(text: string): 0 | 1 | 2 | 3 {
  const trimmed = text.length > longest ? '' : text.trim();
  if (!onlyEmoji.test(trimmed)) return 0;
  return (trimmed.match(oneEmoji)?.length ?? 0) as 0 | 1 | 2 | 3;
}
