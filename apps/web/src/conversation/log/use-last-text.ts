import { parseContent } from '@tidings/api/content';
import type { LocalEntry } from '@tidings/client/local-store';
import { useMemo } from 'react';
import { useWords } from '@/words/words';
import { preview } from '../text/shorten';

const announcedCharacters = 300;

/** The words of a message, as they are said. */
export function useLastText(entry: LocalEntry | null): string {
  const t = useWords('conversation');
  return useMemo(() => {
    if (!entry) return '';
    if (entry.deleted) return t('thisWasDeleted');
    const content = parseContent(entry.content);
    return content.type === 'text'
      ? preview(content.text, announcedCharacters)
      : content.fallback || t('notSupported');
  }, [entry, t]);
}
