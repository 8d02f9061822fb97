'use client';

import type { ConversationId, Seq } from '@tidings/api/ids';
import { useSyncExternalStore } from 'react';
import { home, hrefOf, parseRoute, type Route } from './route';

/**
 * Where the app is, in the address and the browser's history. Deeper (from the list into a chat) adds to the history, beside
 * (from one chat to another) replaces: "back" on a phone always closes what is open, and never walks through old chats.
 */
const listeners = new Set<() => void>();
let route: Route = home;
let address: string | null = null;

/** How many steps above the list this page itself has added to the history. */
type HistoryState = { readonly tidingsDepth?: number } | null;

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, currentRoute, () => home);
}

export function currentRoute(): Route {
  if (location.search !== address) {
    address = location.search;
    route = parseRoute(address);
  }
  return route;
}

/** With `at`, the conversation goes to that message as soon as it shows: see {@link onJump}. */
export function openChat(chat: ConversationId, at?: Seq): void {
  jump = at === undefined ? null : { chat, at };
  go({ chat, view: currentRoute().view === 'archive' ? 'archive' : null });
  if (jump) tell();
}

let jump: { readonly chat: ConversationId; readonly at: Seq } | null = null;

/** Calls `jumpTo` with the message that somebody asked to see in this chat, now or while it is open. */
export function onJump(chat: ConversationId, jumpTo: (at: Seq) => void): () => void {
  const take = () => {
    const asked = jump;
    if (asked?.chat !== chat) return;
    jump = null;
    jumpTo(asked.at);
  };
  take();
  listeners.add(take);
  return () => listeners.delete(take);
}

/** Back to the list: after leaving a group, or from the arrow of a phone. */
export function closeChat(): void {
  go({ ...currentRoute(), chat: null });
}

export function openSettings(): void {
  go({ ...currentRoute(), view: 'settings' });
}

export function closeSettings(): void {
  go({ ...currentRoute(), view: null });
}

export function openArchive(): void {
  go({ ...currentRoute(), view: 'archive' });
}

export function closeArchive(): void {
  go({ ...currentRoute(), view: null });
}

/** How far a place is from the list. */
const heightOf = (at: Route): number => Number(at.chat !== null) + Number(at.view !== null);

const depthNow = (): number => (history.state as HistoryState)?.tidingsDepth ?? 0;

function go(to: Route): void {
  const from = currentRoute();
  if (hrefOf(from) === hrefOf(to)) return;
  const steps = heightOf(to) - heightOf(from);
  if (steps < 0 && depthNow() > 0) {
    goBack(Math.min(-steps, depthNow()), to);
    return;
  }
  if (steps > 0) history.pushState({ tidingsDepth: depthNow() + 1 }, '', hrefOf(to));
  else history.replaceState({ tidingsDepth: depthNow() }, '', hrefOf(to));
  tell();
}

/** By the browser's own way, where there is one: a chat opened from a link has none behind it. */
function goBack(steps: number, to: Route): void {
  addEventListener(
    'popstate',
    () => {
      if (hrefOf(currentRoute()) !== hrefOf(to))
        history.replaceState({ tidingsDepth: depthNow() }, '', hrefOf(to));
      tell();
    },
    { once: true },
  );
  history.go(-steps);
}

function tell(): void {
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
}
