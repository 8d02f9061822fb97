import { Images, Info, Search, Star } from 'lucide-react';
import { detailWordsIn } from '@/words/detail-words';
import type { MenuEntry } from '../../look/menu-board';
import type { Panel } from '../conversation-view';
import { mediaWordsIn } from '../media/words-in';

/** What is to be seen of an open chat. */
export function headerMenuEntries(
  about: string,
  show: (panel: Panel) => void,
  locale: string,
): readonly MenuEntry[] {
  const t = detailWordsIn(locale);
  return [
    { label: about, icon: <Info />, onSelect: () => show('about') },
    {
      label: mediaWordsIn(locale)('gallery.title'),
      icon: <Images />,
      onSelect: () => show('gallery'),
    },
    { label: t('search.title'), icon: <Search />, onSelect: () => show('search') },
    { label: t('starredList.title'), icon: <Star />, onSelect: () => show('starred') },
  ];
}
