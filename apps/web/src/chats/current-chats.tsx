'use client';

import { Archive } from 'lucide-react';
import { type MouseEvent, type RefObject, useMemo } from 'react';
import { useChats, useConnection } from '@/engine/hooks';
import { openArchive, useRoute } from '@/shell/navigation';
import { hrefOf } from '@/shell/route';
import { useWords } from '@/words/words';
import { ChatList } from './chat-list';
import { ChatsSkeleton } from './chats-skeleton';
import styles from './current-chats.module.css';
import { useNewestWaiting } from './newest-waiting';
import { chatsWithSomething } from './shown-chats';
import { Welcome } from './welcome';

type CurrentChatsProps = {
  readonly scroller: RefObject<HTMLElement | null>;
  onNewChat(): void;
  onNewGroup(): void;
};

/** The chats that aren't archived, and the way to those that are. */
export function CurrentChats({ scroller, onNewChat, onNewGroup }: CurrentChatsProps) {
  const words = useWords('chats');
  const chats = useShownChats();
  const archived = useChats('archived');
  const live = useConnection().type === 'live';
  if (!chats) return <ChatsSkeleton />;
  const empty = chats.length === 0;
  // A fresh device has no chats before it has asked for them.
  if (empty && !live && !archived?.length) return <ChatsSkeleton />;
  return (
    <>
      {archived && archived.length > 0 && (
        <ArchiveRow count={archived.length} unread={archived.filter((chat) => chat.unread > 0).length} />
      )}
      {empty ? (
        <Welcome onNewChat={onNewChat} onNewGroup={onNewGroup} />
      ) : (
        <ChatList label={words('title')} chats={chats} scroller={scroller} />
      )}
    </>
  );
}

export function useShownChats() {
  const chats = useChats('all');
  const waiting = useNewestWaiting();
  const { chat } = useRoute();
  return useMemo(
    () => (chats ? chatsWithSomething(chats, waiting, chat) : undefined),
    [chats, waiting, chat],
  );
}

function ArchiveRow({ count, unread }: { readonly count: number; readonly unread: number }) {
  const words = useWords('chats');
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    openArchive();
  };
  return (
    <a className={styles.archive} href={hrefOf({ view: 'archive' })} onClick={open}>
      <Archive aria-hidden="true" />
      <span className={styles.name}>{words('archiveRow')}</span>
      <span className={styles.count}>
        {unread > 0 ? words('archiveUnread', { count: unread }) : words('archiveCount', { count })}
      </span>
    </a>
  );
}
