'use client';

import { Suspense, useRef, useState } from 'react';
import { ChatsPane } from '@/chats/chats-pane';
import { Conversation } from '@/conversation/conversation';
import { useAllChats } from '@/engine/hooks';
import { useFirstPaint } from '@/engine/use-first-paint';
import { ErrorBoundary } from '@/look/error-boundary';
import { part } from '@/look/part';
import { useWords } from '@/words/words';
import { afterFirstPaint } from './after-first-paint';
import { Banners } from './banners';
import { Later } from './later';
import { useRoute } from './navigation';
import { NothingOpen } from './nothing-open';
import { useOpenedOnce } from './opened-once';
import { PaneFailure } from './pane-failure';
import { paneOf } from './route';
import styles from './shell.module.css';
import { usePaneFocus } from './use-pane-focus';

const SettingsView = part(() => import('@/settings/settings'));
const NewChatDialog = part(() => import('@/chats/new-chat-dialog'));
const NewGroupDialog = part(() => import('@/chats/new-group-dialog'));
const Afterwards = part(async () => {
  await afterFirstPaint();
  return import('./afterwards');
});
const Hint = part(async () => {
  await afterFirstPaint();
  return import('./hint');
});
const ShortcutsDialog = part(() => import('./shortcuts-dialog'));

/** Two panes side by side, the list and what is open; on a phone one at a time. */
export function Shell() {
  const words = useWords('shell');
  const route = useRoute();
  const pane = paneOf(route);
  const list = useRef<HTMLElement>(null);
  const detail = useRef<HTMLElement>(null);
  const [query, setQuery] = useState('');
  const newChat = useOpenedOnce();
  const newGroup = useOpenedOnce();
  const shortcuts = useOpenedOnce();
  const narrow = usePaneFocus(pane, list, detail);
  const hasList = useAllChats() !== undefined;
  // An open chat says it by itself, once its messages stand where they belong.
  useFirstPaint(hasList && (route.chat === null || route.view === 'settings'));

  return (
    <div className={styles.app} data-pane={pane}>
      <button type="button" className={styles.skip} onClick={() => detail.current?.focus()}>
        {words('skip')}
      </button>
      <Banners />
      <div className={styles.panes}>
        <nav
          ref={list}
          aria-label={words('main')}
          className={styles.list}
          inert={narrow && pane === 'detail'}
          tabIndex={-1}
        >
          <ChatsPane
            query={query}
            onQuery={setQuery}
            onNewChat={newChat.show}
            onNewGroup={newGroup.show}
            hint={
              query.trim() === '' && (
                <Later>
                  <Hint />
                </Later>
              )
            }
          />
        </nav>
        <main
          ref={detail}
          id="detail"
          aria-label={words(route.view === 'settings' ? 'settings' : 'conversation')}
          className={styles.detail}
          inert={narrow && pane === 'list'}
          tabIndex={-1}
        >
          <ErrorBoundary
            key={route.view === 'settings' ? 'settings' : route.chat}
            fallback={(retry) => <PaneFailure onRetry={retry} />}
          >
            <Suspense>
              {route.view === 'settings' ? (
                <SettingsView onShortcuts={shortcuts.show} />
              ) : route.chat ? (
                <Conversation key={route.chat} conversationId={route.chat} />
              ) : (
                <NothingOpen />
              )}
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <Later>
        <Afterwards onNewChat={newChat.show} onNewGroup={newGroup.show} onShortcuts={shortcuts.show} />
      </Later>
      {newChat.mounted && (
        <Later>
          <NewChatDialog open={newChat.open} onOpenChange={newChat.setOpen} onClosed={newChat.forget} />
        </Later>
      )}
      {newGroup.mounted && (
        <Later>
          <NewGroupDialog open={newGroup.open} onOpenChange={newGroup.setOpen} onClosed={newGroup.forget} />
        </Later>
      )}
      {shortcuts.mounted && (
        <Later>
          <ShortcutsDialog open={shortcuts.open} onOpenChange={shortcuts.setOpen} />
        </Later>
      )}
    </div>
  );
}
