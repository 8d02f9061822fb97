'use client';

import { ArrowLeft, MessageCirclePlus, Settings, UsersRound } from 'lucide-react';
import { type ReactNode, Suspense, useRef } from 'react';
import { IconButton } from '@/look/icon-button';
import { Logo } from '@/look/logo';
import { part } from '@/look/part';
import { SearchField } from '@/look/search-field';
import { closeArchive, openSettings, useRoute } from '@/shell/navigation';
import { useWords } from '@/words/words';
import { ArchivedChats } from './archived-chats';
import styles from './chats-pane.module.css';
import { ChatsSkeleton } from './chats-skeleton';
import { CurrentChats } from './current-chats';

const SearchResults = part(() => import('./search-results'));

type ChatsPaneProps = {
  readonly query: string;
  onQuery(query: string): void;
  onNewChat(): void;
  onNewGroup(): void;
  /** Stands below the list: what the app would like to say when there is time. */
  readonly hint?: ReactNode;
};

/** The list's side of the app: who to talk with. */
export function ChatsPane({ query, onQuery, onNewChat, onNewGroup, hint }: ChatsPaneProps) {
  const words = useWords('chats');
  const look = useWords('look');
  const { view } = useRoute();
  const scroller = useRef<HTMLDivElement>(null);
  const searching = query.trim() !== '';
  return (
    <>
      <Header onNewChat={onNewChat} onNewGroup={onNewGroup} archive={view === 'archive'} />
      <div className={styles.search}>
        <SearchField
          id="search"
          label={words('search')}
          clearLabel={look('clear')}
          value={query}
          onValue={onQuery}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
            const first = scroller.current?.querySelector<HTMLElement>('li a, li button');
            if (!first) return;
            event.preventDefault();
            if (event.key === 'Enter') first.click();
            else first.focus();
          }}
        />
      </div>
      <div ref={scroller} className={styles.scroller}>
        {searching ? (
          <Suspense fallback={<ChatsSkeleton />}>
            <SearchResults query={query} scroller={scroller} onOpen={() => onQuery('')} />
          </Suspense>
        ) : view === 'archive' ? (
          <ArchivedChats scroller={scroller} />
        ) : (
          <CurrentChats scroller={scroller} onNewChat={onNewChat} onNewGroup={onNewGroup} />
        )}
      </div>
      {hint}
    </>
  );
}

type HeaderProps = Pick<ChatsPaneProps, 'onNewChat' | 'onNewGroup'> & { readonly archive: boolean };

function Header({ onNewChat, onNewGroup, archive }: HeaderProps) {
  const words = useWords('chats');
  const look = useWords('look');
  const shell = useWords('shell');
  return (
    <header className={styles.header}>
      {archive ? (
        <IconButton label={look('back')} onClick={closeArchive}>
          <ArrowLeft />
        </IconButton>
      ) : (
        <span className={styles.logo}>
          <Logo size={32} />
        </span>
      )}
      <h1 className={styles.title}>{words(archive ? 'archiveTitle' : 'title')}</h1>
      <IconButton label={words('newChat')} onClick={onNewChat}>
        <MessageCirclePlus />
      </IconButton>
      <IconButton label={words('newGroup')} onClick={onNewGroup}>
        <UsersRound />
      </IconButton>
      <IconButton label={shell('settings')} onClick={openSettings}>
        <Settings />
      </IconButton>
    </header>
  );
}
