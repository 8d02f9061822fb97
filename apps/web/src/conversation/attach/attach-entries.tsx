import { FileText, Image, MapPin, UserRound } from 'lucide-react';
import type { MenuEntry } from '../../look/menu-board';
import { mediaWordsIn } from '../media/words-in';
import { attachBoard } from './attach-board';
import { pickFiles } from './pick-files';

/** What can be attached, in the order of how often it is. */
export function attachEntries(locale: string): readonly MenuEntry[] {
  const t = mediaWordsIn(locale);
  const { ask } = attachBoard;
  const pick = (accept: string, asDocuments: boolean) =>
    pickFiles(accept, (files) => ask({ type: 'files', files, asDocuments }));
  return [
    { label: t('attach.photos'), icon: <Image />, onSelect: () => pick('image/*,video/*', false) },
    { label: t('attach.document'), icon: <FileText />, onSelect: () => pick('', true) },
    { label: t('attach.place'), icon: <MapPin />, onSelect: () => ask({ type: 'place' }) },
    { label: t('attach.contact'), icon: <UserRound />, onSelect: () => ask({ type: 'contact' }) },
  ];
}
