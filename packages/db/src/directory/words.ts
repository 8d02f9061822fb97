/** Letters and digits, folded: `Zoë Müller` → `zoe`, `muller`. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The folded words of a name, each once, at most 16 of at most 64 characters; and the whole of `alsoWhole`, such as a username with dots. */
export function wordsOf(text: string, alsoWhole = ''): readonly string[] {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const whole = fold(alsoWhole);
  return [...new Set([...(whole ? [whole] : []), ...words].map((word) => word.slice(0, 64)))].slice(0, 16);
}

/** The string right behind all that begin with `prefix`, for a range query that every database answers from an index. */
export function afterPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}
