'use client';

import type { MessageContent } from '@tidings/api/content';
import { useEffect } from 'react';
import { useLocale } from 'use-intl/react';
import { loadSummaries } from '@/conversation/text/use-summary';
import { Attention } from '@/engine/attention';
import { MenuLayer } from '@/look/menu-layer';
import { fetchParts } from '@/look/part';
import { ToastLayer } from '@/look/toast-layer';
import { TooltipLayer } from '@/look/tooltip-layer';
import { useWords } from '@/words/words';
import { afterFirstPaint } from './after-first-paint';
import { Chime } from './chime';
import { openChat } from './navigation';
import { type ShortcutActions, useShortcuts } from './use-shortcuts';

/** What shows nothing at first: fetched when the chats and messages are on the screen, so that these don't wait for it. */
export default function Afterwards(actions: ShortcutActions) {
  const words = useWords('shell');
  const locale = useLocale();
  useShortcuts(actions);
  useEffect(fetchAhead, []);
  const wordsFor = async (content: MessageContent) => {
    const { summaryOf } = await loadSummaries();
    return summaryOf(content, locale) || words('otherMessage');
  };
  return (
    <>
      <Attention title="Tidings" wordsFor={wordsFor} onOpenChat={openChat} />
      <Chime />
      <MenuLayer />
      <TooltipLayer />
      <ToastLayer />
    </>
  );
}

/** Where a service worker serves this page, it keeps all of the app already. */
function fetchAhead(): void {
  if (!navigator.serviceWorker?.controller) void fetchParts(afterFirstPaint);
}
