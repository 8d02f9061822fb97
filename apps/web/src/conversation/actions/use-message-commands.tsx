'use client';

import type { SentContent } from '@tidings/api/content';
import type { Seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { type ReactNode, type RefObject, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { useLocale } from 'use-intl/react';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import { useClient } from '../../engine/client';
import { useConnection, useSelf } from '../../engine/hooks';
import type { MessageRow } from '../../engine/message-rows';
import { openMenu as openBoard } from '../../look/menu-board';
import { part } from '../../look/part';
import { toast } from '../../look/toast';
import type { ComposerHandle } from '../composer/composer';
import type { LogHandle } from '../log/message-log';
import type { MenuPlace, Scene } from '../scene';
import { parsedContent } from '../text/content';
import { copyText } from './copy';
import type { MessageCommands } from './menu-entries';
import { quoteOf } from './quote';

const ReactionPopup = part(() => import('../emoji/reaction-popup'));
const DeleteDialog = part(() => import('./delete-dialog'));
const ForwardDialog = part(() => import('./forward-dialog'));
const InfoDialog = part(() => import('./info-dialog'));
const Lightbox = part(() => import('../lightbox/lightbox'));

/** What stands over the conversation because of a message. */
type Overlay =
  | { readonly type: 'reaction'; readonly row: MessageRow; readonly place: MenuPlace }
  | { readonly type: 'delete'; readonly row: MessageRow }
  | { readonly type: 'forward'; readonly content: SentContent }
  | { readonly type: 'info'; readonly seq: Seq }
  | { readonly type: 'lightbox'; readonly row: MessageRow; readonly index: number };

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
  const errorText = useErrorText();
  const locale = useLocale();
  const { engine, media } = useClient();
  const self = useSelf();
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
      const does: MessageCommands = {
        reply,
        edit,
        forward: (content) => show({ type: 'forward', content }),
        pickReaction: () => openPicker(row, place),
        askDelete: () => show({ type: 'delete', row }),
        star: (target, starred) =>
          guarded(engine.putItems([{ key: `star:${id}:${target.seq}`, value: starred ? Date.now() : null }])),
        info: () => row.seq !== null && show({ type: 'info', seq: row.seq }),
        copy: (text) => void copyText(text).then((copied) => toast(t(copied ? 'copied' : 'copyFailed'))),
        save: (items) =>
          void import('../media/save')
            .then(({ saveItems }) => saveItems(media, id, items))
            .catch((error: unknown) => toast(errorText(error), { kind: 'bad' })),
        retry: (target) => {
          const item = target.type === 'outbox' ? target.item : target.waiting;
          if (item) guarded(engine.retry(item.clientId));
        },
      };
      const where = { conversation: newest.current.conversation, self: self.userId };
      openBoard({
        label: t('messageMenu'),
        at: place.at ?? bubbleOf(place.element),
        entries: import('./menu-entries').then(({ menuEntries }) => menuEntries(row, where, does, menuWords)),
        returnFocus: focusableOf(place.element),
      });
    },
    [engine, media, id, self.userId, t, menuWords, errorText, reply, edit, show, openPicker, guarded],
  );

  const editLast = useCallback(() => {
    const line = log.current?.lastOwn();
    if (line) edit(line.row);
  }, [log, edit]);

  const close = { open, onClose: () => setOpen(false), onClosed: () => setOverlay(null) };
  const dialogs = overlay && (
    <Suspense>
      {overlay.type === 'reaction' && (
        <ReactionPopup
          {...close}
          place={overlay.place}
          row={overlay.row}
          onPick={(emoji) => react(overlay.row, emoji)}
        />
      )}
      {overlay.type === 'delete' && <DeleteDialog {...close} conversation={conversation} row={overlay.row} />}
      {overlay.type === 'forward' && <ForwardDialog {...close} content={overlay.content} from={id} />}
      {overlay.type === 'info' && <InfoDialog {...close} conversation={conversation} seq={overlay.seq} />}
      {overlay.type === 'lightbox' && (
        <Lightbox
          {...close}
          conversation={conversation}
          row={overlay.row}
          index={overlay.index}
          onJump={jumpTo}
          onForward={(content) => show({ type: 'forward', content })}
        />
      )}
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
