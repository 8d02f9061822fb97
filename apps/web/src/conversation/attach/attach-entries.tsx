import { FileText, Image, MapPin, UserRound } from 'lucide-react';
import type { MenuEntry } from '../../look/menu-board';
import { mediaWordsIn } from '../media/words-in';
import { pickFiles } from './pick-files';
import type { Attaching } from './use-attach';

/** What can be attached, in the order of how often it is. */
export function attachEntries(locale: string, attach: (attaching: Attaching) => void): readonly MenuEntry[] {
  const t = mediaWordsIn(locale);
  const pick = (accept: string, asDocuments: boolean) =>
    pickFiles(accept, (files) => attach({ type: 'files', files, asDocuments }));
  return [
    { label: t('attach.photos'), icon: <Image />, onSelect: () => pick('image/*,video/*', false) },
    { label: t('attach.document'), icon: <FileText />, onSelect: () => pick('', true) },
    { label: t('attach.place'), icon: <MapPin />, onSelect: () => attach({ type: 'place' }) },
    { label: t('attach.contact'), icon: <UserRound />, onSelect: () => attach({ type: 'contact' }) },
  ];
}
