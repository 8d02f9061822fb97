'use client';

import { lazy, Suspense, useRef, useState } from 'react';
import { ChatsPane } from '@/chats/chats-pane';
import { OpeningConversation } from '@/conversation/placeholders';
import { Attention } from '@/engine/attention';
import { ErrorBoundary } from '@/look/error-boundary';
import { MenuLayer } from '@/look/menu-layer';
import { ToastLayer } from '@/look/toast-layer';
import { TooltipLayer } from '@/look/tooltip-layer';
import { useWords } from '@/words/words';
import { Banners } from './banners';
import { Chime } from './chime';
import { Hint } from './hint';
import { openChat, useRoute } from './navigation';
import { NothingOpen } from './nothing-open';
import { useOpenedOnce } from './opened-once';
import { PaneFailure } from './pane-failure';
import { paneOf } from './route';
import styles from './shell.module.css';
import { usePaneFocus } from './use-pane-focus';
import { useShortcuts } from './use-shortcuts';

const loadConversation = () => import('@/conversation/conversation');
const Conversation = lazy(async () => ({ default: (await loadConversation()).Conversation }));
const SettingsView = lazy(() => import('@/settings/settings'));
const NewChatDialog = lazy(() => import('@/chats/new-chat-dialog'));
const NewGroupDialog = lazy(() => import('@/chats/new-group-dialog'));
const ShortcutsDialog = lazy(() => import('./shortcuts-dialog'));

/** Most who come here read messages next: they are fetched while the list is painted. */
if (typeof window !== 'undefined') void loadConversation();

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
  useShortcuts({ onNewChat: newChat.show, onNewGroup: newGroup.show, onShortcuts: shortcuts.show });

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
            hint={query.trim() === '' && <Hint />}
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
            <Suspense fallback={route.view === 'settings' ? null : <OpeningConversation />}>
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
      <Suspense>
        {newChat.mounted && (
          <NewChatDialog open={newChat.open} onOpenChange={newChat.setOpen} onClosed={newChat.forget} />
        )}
        {newGroup.mounted && (
          <NewGroupDialog open={newGroup.open} onOpenChange={newGroup.setOpen} onClosed={newGroup.forget} />
        )}
        {shortcuts.mounted && <ShortcutsDialog open={shortcuts.open} onOpenChange={shortcuts.setOpen} />}
      </Suspense>
      <Attention title="Tidings" otherMessage={words('otherMessage')} onOpenChat={openChat} />
      <Chime />
      <MenuLayer />
      <TooltipLayer />
      <ToastLayer />
    </div>
  );
}
