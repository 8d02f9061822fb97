'use client';

import { useEffect, useRef } from 'react';
import { tinykeys } from 'tinykeys';
import { useShownChats } from '@/chats/current-chats';
import { closeChat, closeSettings, currentRoute, openChat, openSettings } from './navigation';

export type ShortcutActions = { onNewChat(): void; onNewGroup(): void; onShortcuts(): void };

/** The keys that work everywhere. `shortcuts-dialog.tsx` lists them. */
export function useShortcuts(actions: ShortcutActions): void {
  const chats = useShownChats();
  const latest = useRef({ actions, chats });
  latest.current = { actions, chats };
  useEffect(() => {
    const step = (by: 1 | -1) => {
      const list = latest.current.chats ?? [];
      const at = list.findIndex((chat) => chat.conversationId === currentRoute().chat);
      const next = at < 0 ? list[0] : list[at + by];
      if (next) openChat(next.conversationId);
    };
    const when =
      (allowed: (event: KeyboardEvent) => boolean, act: () => void) =>
      (event: KeyboardEvent): void => {
        if (event.defaultPrevented || !allowed(event)) return;
        event.preventDefault();
        act();
      };
    const keys = {
      '$mod+k': when(noDialog, focusSearch),
      'Alt+ArrowDown': when(noDialog, () => step(1)),
      'Alt+ArrowUp': when(noDialog, () => step(-1)),
      '$mod+Alt+n': when(noDialog, () => latest.current.actions.onNewChat()),
      '$mod+Alt+g': when(noDialog, () => latest.current.actions.onNewGroup()),
      '$mod+,': when(noDialog, openSettings),
      'Shift+?': when(
        (event) => noDialog() && !isTyping(event),
        () => latest.current.actions.onShortcuts(),
      ),
      Escape: when((event) => noDialog() && !isSearch(event), closeWhatIsOpen),
    };
    // The composer has the focus most of the time: these work in it too, but not while an input method has the keys.
    return tinykeys(window, keys, { ignore: (event) => event.isComposing });
  }, []);
}

/** Dialogs and menus have their own use for keys. */
const noDialog = (): boolean =>
  document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') === null;

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select') !== null);

const isSearch = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLInputElement && target.type === 'search';

function focusSearch(): void {
  const field = document.getElementById('search');
  if (field instanceof HTMLInputElement) {
    // On a phone the field may be behind the open chat.
    if (field.closest('[inert]')) closeWhatIsOpen();
    requestAnimationFrame(() => {
      field.focus();
      field.select();
    });
  }
}

function closeWhatIsOpen(): void {
  if (currentRoute().view === 'settings') closeSettings();
  else if (currentRoute().chat) closeChat();
}
