'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import type { LocalConversation } from '@tidings/client/local-store';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { useShown } from '@/engine/hooks';
import { useRemPx } from '@/look/use-rem';
import { useRoute } from '@/shell/navigation';
import styles from './chat-list.module.css';
import { ChatRow } from './chat-row';
import { useNewestWaiting } from './newest-waiting';
import { useChatMenu } from './use-chat-menu';

type ChatListProps = {
  readonly label: string;
  readonly chats: readonly LocalConversation[];
  /** What scrolls: the list may have other things above and below it. */
  readonly scroller: RefObject<HTMLElement | null>;
  onOpen?(): void;
};

const rowRem = 4.5;

/** The chats as links. Only those in view are in the page; the arrow keys walk through all of them. */
export function ChatList({ label, chats, scroller, onOpen }: ChatListProps) {
  const list = useRef<HTMLUListElement>(null);
  const { chat: open } = useRoute();
  const waiting = useNewestWaiting();
  const menu = useChatMenu();
  const rem = useRemPx();
  const virtual = useVirtualizer({
    count: chats.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowRem * rem,
    getItemKey: (index) => chats[index]?.conversationId ?? index,
    scrollMargin: list.current?.offsetTop ?? 0,
    overscan: 8,
    // So that the first paint has rows, before the list is measured.
    initialRect: { width: 320, height: 900 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another size of text makes other rows
  useEffect(() => virtual.measure(), [rem]);
  const items = virtual.getVirtualItems();
  const roving = useRoving(chats, virtual, list);
  useShownRows(chats, items, virtual.isScrolling);

  return (
    <>
      <ul
        ref={list}
        aria-label={label}
        className={styles.list}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={roving.onKeyDown}
      >
        {items.map((item) => {
          const chat = chats[item.index];
          if (!chat) return null;
          return (
            <li
              key={item.key}
              className={styles.item}
              aria-setsize={chats.length}
              aria-posinset={item.index + 1}
              data-index={item.index}
              style={{ transform: `translateY(${item.start - virtual.options.scrollMargin}px)` }}
              onFocus={() => roving.setAt(chat.conversationId)}
            >
              <ChatRow
                chat={chat}
                waiting={waiting.get(chat.conversationId)}
                current={chat.conversationId === open}
                reachable={item.index === roving.index}
                entries={menu.entries}
                onOpen={onOpen}
              />
            </li>
          );
        })}
      </ul>
      {menu.dialogs}
    </>
  );
}

/** Which row the Tab key reaches: the one that had the focus last, else the open one, else the first. */
function useRoving(
  chats: readonly LocalConversation[],
  virtual: { scrollToIndex(index: number): void },
  list: RefObject<HTMLUListElement | null>,
) {
  const { chat: open } = useRoute();
  const [at, setAt] = useState(open);
  const indexOf = (id: typeof at) => chats.findIndex((chat) => chat.conversationId === id);
  const index = Math.max(0, indexOf(at) >= 0 ? indexOf(at) : indexOf(open));
  const focus = (next: number) => {
    const chat = chats[next];
    if (!chat) return;
    setAt(chat.conversationId);
    virtual.scrollToIndex(next);
    // The row may be put into the page by this very scroll.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        list.current?.querySelector<HTMLElement>(`[data-index="${next}"] a`)?.focus(),
      ),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLAnchorElement))
      return;
    const next = nextIndex(event.key, index, chats.length);
    if (next === null) return;
    event.preventDefault();
    focus(next);
  };
  return { index, setAt, onKeyDown };
}

function nextIndex(key: string, index: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** Presence and typing are told for the rows that are in view, once the list has come to rest. */
function useShownRows(
  chats: readonly LocalConversation[],
  items: readonly { readonly index: number }[],
  moving: boolean,
): void {
  const rows = items.flatMap(({ index }) => chats[index] ?? []);
  const now = {
    users: rows.flatMap((chat) => chat.peer ?? []),
    conversations: rows.map((chat) => chat.conversationId),
  };
  const resting = useRef(now);
  if (!moving) resting.current = now;
  useShown(resting.current);
}
