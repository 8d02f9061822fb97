'use client';

import type { LocalConversation, OutboxItem } from '@tidings/client/local-store';
import { BellOff, ChevronDown, Pin } from 'lucide-react';
import { type MouseEvent, memo } from 'react';
import { usePicture, useTitle } from '@/conversation/use-title';
import { isMuted } from '@/engine/chats';
import { usePresence } from '@/engine/hooks';
import { Avatar } from '@/look/avatar';
import { Badge } from '@/look/badge';
import { MenuButton } from '@/look/menu';
import { type MenuWish, openMenu } from '@/look/menu-board';
import { useContextGesture } from '@/look/use-context-gesture';
import { openChat } from '@/shell/navigation';
import { hrefOf } from '@/shell/route';
import { useWords } from '@/words/words';
import styles from './chat-row.module.css';
import { LastLine } from './last-line';
import { useListTime } from './list-time';

type ChatRowProps = {
  readonly chat: LocalConversation;
  readonly waiting: OutboxItem | undefined;
  /** The chat that is open. */
  readonly current: boolean;
  /** The row that the Tab key reaches; the arrow keys move it. */
  readonly reachable: boolean;
  entries(chat: LocalConversation): MenuWish['entries'];
  onOpen?(): void;
};

/** A chat in the list. Its link's name begins with the title. */
export const ChatRow = memo(function ChatRow({
  chat,
  waiting,
  current,
  reachable,
  entries,
  onOpen,
}: ChatRowProps) {
  const words = useWords('chats');
  const time = useListTime();
  const title = useTitle(chat);
  const muted = isMuted(chat, Date.now());
  const gesture = useContextGesture((at, row) => {
    const link = row.querySelector('a');
    if (link)
      openMenu({ label: words('chatMenu'), at: at ?? link, entries: entries(chat), returnFocus: link });
  });

  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    openChat(chat.conversationId);
    onOpen?.();
  };
  return (
    <div className={styles.row} data-current={current || undefined} {...gesture}>
      <a
        className={styles.link}
        href={hrefOf({ chat: chat.conversationId })}
        aria-current={current ? 'page' : undefined}
        tabIndex={reachable ? 0 : -1}
        draggable={false}
        onClick={open}
      >
        <RowAvatar chat={chat} title={title} />
        <span className={styles.words}>
          <span className={styles.top}>
            <span className={styles.title} dir="auto">
              {title}
            </span>
            <span className={styles.time}>{time(chat.activityAt)}</span>
          </span>
          <span className={styles.bottom}>
            <LastLine chat={chat} waiting={waiting} />
            {muted && <BellOff role="img" aria-label={words('muted')} className={styles.mark} />}
            {chat.pinnedAt !== null && (
              <Pin role="img" aria-label={words('pinned')} className={styles.mark} />
            )}
            {chat.unread > 0 && (
              <Badge count={chat.unread} label={words('unread', { count: chat.unread })} muted={muted} />
            )}
          </span>
        </span>
      </a>
      <MenuButton
        label={words('chatMenu')}
        entries={() => entries(chat)}
        size="small"
        tip={false}
        tabIndex={reachable ? 0 : -1}
        className={styles.more}
      >
        <ChevronDown />
      </MenuButton>
    </div>
  );
});

function RowAvatar({ chat, title }: { readonly chat: LocalConversation; readonly title: string }) {
  const picture = usePicture(chat);
  const online = usePresence(chat.peer)?.online === true;
  return (
    <Avatar
      id={chat.peer ?? chat.conversationId}
      name={title}
      pictureId={picture}
      kind={chat.kind === 'group' ? 'group' : 'person'}
      online={online}
    />
  );
}
