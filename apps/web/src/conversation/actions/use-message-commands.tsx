'use client';

import type { Seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { type ReactNode, type RefObject, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { useLocale } from 'use-intl/react';
import { useErrorToast } from '@/words/error-toast';
import { useWords } from '@/words/words';
import { useClient } from '../../engine/client';
import { useConnection } from '../../engine/hooks';
import type { MessageRow } from '../../engine/message-rows';
import { openMenu as openBoard } from '../../look/menu-board';
import { part } from '../../look/part';
import { toast } from '../../look/toast';
import type { ComposerHandle } from '../composer/composer';
import type { LogHandle } from '../log/message-log';
import type { MenuPlace, Scene } from '../scene';
import { parsedContent } from '../text/content';
import type { Overlay } from './overlays';
import { quoteOf } from './quote';

const Overlays = part(() => import('./overlays'));

type Around = {
  readonly conversation: LocalConversation;
  readonly log: RefObject<LogHandle | null>;
  readonly composer: RefObject<ComposerHandle | null>;
};

export type Commands = Pick<
  Scene,
  'openMenu' | 'openPicker' | 'react' | 'reply' | 'jumpTo' | 'openMedia' | 'askAgain'
> & {
  /** Changes the newest own message. */
  editLast(): void;
  readonly dialogs: ReactNode;
};

/** Everything that can be done with a message. The functions keep their identity, so that no line renders because of them. */
export function useMessageCommands({ conversation, log, composer }: Around): Commands {
  const t = useWords('conversation');
  const menuWords = useWords('conversation.menu');
  const failed = useErrorToast();
  const locale = useLocale();
  const client = useClient();
  const { engine } = client;
  const offline = useConnection().type !== 'live';
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const [open, setOpen] = useState(false);
  const id = conversation.conversationId;
  const newest = useRef({ conversation, offline });
  newest.current = { conversation, offline };

  const show = useCallback((next: Overlay) => {
    setOverlay(next);
    setOpen(true);
  }, []);
  const guarded = useCallback(
    (work: Promise<unknown>) => void work.catch(() => toast(t('deviceFull'), { kind: 'bad' })),
    [t],
  );

  const react = useCallback(
    (row: MessageRow, emoji: string) => {
      if (row.seq !== null) guarded(engine.react(id, row.seq, emoji));
    },
    [engine, id, guarded],
  );
  const reply = useCallback(
    (row: MessageRow) => {
      void quoteOf(row, locale).then((quote) => quote && composer.current?.startReply(quote));
    },
    [composer, locale],
  );
  const askAgain = useCallback(
    (row: MessageRow) => {
      void Promise.all([quoteOf(row, locale), import('../media/words-in')]).then(([quote, words]) => {
        if (quote) composer.current?.startReply(quote, words.mediaWordsIn(locale)('failed.pleaseAgain'));
      });
    },
    [composer, locale],
  );
  const openMedia = useCallback(
    (row: MessageRow, index: number) => show({ type: 'lightbox', row, index }),
    [show],
  );
  const edit = useCallback(
    (row: MessageRow) => {
      const content = parsedContent(row);
      if (row.seq !== null && content.type !== 'unknown') composer.current?.startEdit(row.seq, content);
    },
    [composer],
  );
  const jumpTo = useCallback(
    (target: Seq) => {
      void log.current?.toLine(target).then((found) => {
        if (!found) toast(t(newest.current.offline ? 'notHereOffline' : 'notHere'));
      });
    },
    [log, t],
  );
  const openPicker = useCallback(
    (row: MessageRow, place: MenuPlace) => show({ type: 'reaction', row, place }),
    [show],
  );

  const openMenu = useCallback(
    (row: MessageRow, place: MenuPlace) => {
      const { conversation } = newest.current;
      const parts = { client, conversation, t, menuWords, locale, reply, edit, show, guarded, failed };
      openBoard({
        label: t('messageMenu'),
        at: place.at ?? bubbleOf(place.element),
        entries: import('./message-menu').then(({ messageMenu }) => messageMenu(row, place, parts)),
        returnFocus: focusableOf(place.element),
      });
    },
    [client, t, menuWords, locale, reply, edit, show, guarded, failed],
  );

  const editLast = useCallback(() => {
    const line = log.current?.lastOwn();
    if (line) edit(line.row);
  }, [log, edit]);

  const dialogs = overlay && (
    <Suspense>
      <Overlays
        {...{ overlay, open, conversation }}
        onReact={react}
        onJump={jumpTo}
        onForward={(content) => show({ type: 'forward', content })}
        onClose={() => setOpen(false)}
        onClosed={() => setOverlay(null)}
      />
    </Suspense>
  );
  return useMemo(
    () => ({ openMenu, openPicker, react, reply, jumpTo, openMedia, askAgain, editLast, dialogs }),
    [openMenu, openPicker, react, reply, jumpTo, openMedia, askAgain, editLast, dialogs],
  );
}

/** Where the focus goes when the menu closes: its button, or the line. */
const focusableOf = (element: HTMLElement): HTMLElement =>
  element.matches('button') ? element : (element.closest<HTMLElement>('[data-line]') ?? element);

/** A line is as wide as the pane; its menu belongs beside what it says. */
const bubbleOf = (element: HTMLElement): Element => element.querySelector('[data-bubble]') ?? element;
