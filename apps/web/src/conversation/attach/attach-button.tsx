'use client';

import { Paperclip } from 'lucide-react';
import { useLocale } from 'use-intl/react';
import { useWords } from '@/words/words';
import { MenuButton } from '../../look/menu';
import type { Attaching } from './use-attach';

/** Opens the menu of what can be sent besides words. */
export function AttachButton({ onAttach }: { onAttach(attaching: Attaching): void }) {
  const t = useWords('conversation.composer');
  const locale = useLocale();
  return (
    <MenuButton
      label={t('attach')}
      side="top"
      align="start"
      entries={() => import('./attach-entries').then(({ attachEntries }) => attachEntries(locale, onAttach))}
    >
      <Paperclip />
    </MenuButton>
  );
}
