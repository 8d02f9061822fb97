'use client';

import { Paperclip } from 'lucide-react';
import { useEffect } from 'react';
import { useLocale } from 'use-intl/react';
import { useWords } from '@/words/words';
import { MenuButton } from '../../look/menu';
import { attachBoard } from './attach-board';

/** Opens the menu of what can be sent besides words. */
export default function AttachButton() {
  const t = useWords('conversation.composer');
  const locale = useLocale();
  useEffect(() => () => attachBoard.forget(), []);
  return (
    <MenuButton
      label={t('attach')}
      side="top"
      align="start"
      entries={() => import('./attach-entries').then(({ attachEntries }) => attachEntries(locale))}
    >
      <Paperclip />
    </MenuButton>
  );
}
