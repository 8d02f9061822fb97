import { Info, Search, Star } from 'lucide-react';
import type { useWords } from '@/words/words';
import type { MenuEntry } from '../../look/menu-board';
import type { Panel } from '../conversation-view';

/** What is to be seen of an open chat. */
export function headerMenuEntries(
  about: string,
  show: (panel: Panel) => void,
  t: ReturnType<typeof useWords<'conversation'>>,
): readonly MenuEntry[] {
  return [
    { label: about, icon: <Info />, onSelect: () => show('about') },
    { label: t('search.title'), icon: <Search />, onSelect: () => show('search') },
    { label: t('starredList.title'), icon: <Star />, onSelect: () => show('starred') },
  ];
}
