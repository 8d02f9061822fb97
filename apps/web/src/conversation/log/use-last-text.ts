import { parseContent } from '@tidings/api/content';
import type { LocalEntry } from '@tidings/client/local-store';
import { useMemo } from 'react';
import { useWords } from '@/words/words';
import { type Summary, useSummary } from '../text/use-summary';

const announcedCharacters = 300;

/** What a message says, and what it carries, as that is said aloud. */
export function useLastText(entry: LocalEntry | null): Summary {
  const t = useWords('conversation');
  const content = useMemo(() => (entry && !entry.deleted ? parseContent(entry.content) : null), [entry]);
  const summary = useSummary(content, announcedCharacters);
  return entry?.deleted ? { kind: '', text: t('thisWasDeleted') } : summary;
}
