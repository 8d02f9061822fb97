'use client';

import { Attention } from '@/engine/attention';
import { MenuLayer } from '@/look/menu-layer';
import { ToastLayer } from '@/look/toast-layer';
import { TooltipLayer } from '@/look/tooltip-layer';
import { useWords } from '@/words/words';
import { Chime } from './chime';
import { openChat } from './navigation';
import { type ShortcutActions, useShortcuts } from './use-shortcuts';

/** What shows nothing at first: fetched when the chats and messages are on the screen, so that these don't wait for it. */
export default function Afterwards(actions: ShortcutActions) {
  const words = useWords('shell');
  useShortcuts(actions);
  return (
    <>
      <Attention title="Tidings" otherMessage={words('otherMessage')} onOpenChat={openChat} />
      <Chime />
      <MenuLayer />
      <TooltipLayer />
      <ToastLayer />
    </>
  );
}
