import { folded } from '@/conversation/about/search-text';

/** True when every word of the query begins a word of one of the names. An empty query matches everything. */
export function matches(query: string, ...names: readonly string[]): boolean {
  const words = names.flatMap((name) => wordsOf(name));
  return wordsOf(query).every((wanted) => words.some((word) => word.startsWith(wanted)));
}

const wordsOf = (text: string): string[] =>
  folded(text)
    .split(/[\s._@-]+/)
    .filter(Boolean);
