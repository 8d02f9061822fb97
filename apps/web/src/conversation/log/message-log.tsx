'use client';

import type { Seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import type { Ref } from 'react';
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { useWords } from '@/words/words';
import { useSelf } from '../../engine/hooks';
import { useFirstPaint } from '../../engine/use-first-paint';
import { useMessages } from '../../engine/use-messages';
import { FloatingDay } from '../notice/dividers';
import { useScene } from '../scene';
import { EmptyLog } from './empty-log';
import { isMessage, type Line, makeLines } from './lines';
import { LogEdge } from './log-edge';
import { LogRow } from './log-row';
import styles from './message-log.module.css';
import { openingOf, places } from './places';
import { tickOf } from './tick';
import { ToEndButton } from './to-end-button';
import { useDivider } from './use-divider';
import { useGoal } from './use-goal';
import { useLooking } from './use-looking';
import { useRoving } from './use-roving';
import { useVirtualLines, type VirtualLines } from './use-virtual-lines';

/** What the conversation around may ask of its log. */
export type LogHandle = {
  toEnd(): void;
  toLine(target: Seq): Promise<boolean>;
  focus(): void;
  scrollPage(direction: 1 | -1): void;
  /** The newest own message that can be edited. */
  lastOwn(): Line | null;
  /** The element of a line, to put a menu beside it or the focus on it. */
  elementOf(key: string): HTMLElement | null;
};

type MessageLogProps = { readonly conversation: LocalConversation; readonly ref: Ref<LogHandle> };

/** The messages of one conversation. It belongs to that one: give it the conversation's id as its key. */
export function MessageLog({ conversation, ref }: MessageLogProps) {
  const t = useWords('conversation');
  const scene = useScene();
  const { userId: self } = useSelf();
  const id = conversation.conversationId;
  const scroller = useRef<HTMLDivElement>(null);
  const view = useMessages(id);
  const { divider, holds } = useDivider(conversation);
  const [opening] = useState(() => openingOf(divider, places.of(id)));
  const moreAbove = view.hasOlder && view.unavailable !== 'older';
  const lines = useMemo(
    () => makeLines(view.rows, { self, divider, moreAbove }),
    [view.rows, self, divider, moreAbove],
  );

  const look = useRef<() => void>(() => {});
  const onMoved = useCallback(() => look.current(), []);
  const virtual = useRef<VirtualLines | null>(null);
  const toEndRef = useRef<() => Promise<boolean>>(() => Promise.resolve(false));
  const roving = useRoving({
    scroller,
    lines,
    virtualizer: virtual,
    toEnd: () => toEndRef.current(),
    openMenu: (line, element) =>
      isMessage(line.row) || line.row.type === 'entry' ? scene.openMenu(line.row, { element }) : undefined,
  });
  const virtualizer = useVirtualLines({
    lines,
    scroller,
    named: conversation.kind === 'group',
    follows: !holds(virtual.current, lines),
    keep: lines.findIndex((line) => line.key === roving.activeKey),
    paddingStart: edgeHeight,
    onMoved,
  });
  virtual.current = virtualizer;
  const { placed, flashed, toEnd, toLine } = useGoal({ view, lines, virtualizer, opening });
  toEndRef.current = toEnd;
  useFirstPaint(placed && (lines.length > 0 || !view.hasOlder));
  const looking = useLooking({ conversation: id, view, lines, virtualizer, placed });
  useEffect(() => {
    look.current = looking.look;
  }, [looking.look]);

  useImperativeHandle(
    ref,
    () => ({
      toEnd: () => void toEnd(),
      toLine: async (target) => {
        const within = scroller.current?.contains(document.activeElement) ?? false;
        const found = await toLine(target);
        if (found && within) roving.focusSeq(target);
        return found;
      },
      focus: () => scroller.current?.focus(),
      scrollPage: (direction) =>
        scroller.current?.scrollBy({ top: direction * 0.85 * scroller.current.clientHeight }),
      lastOwn: () =>
        lines.findLast((line) => line.row.type === 'entry' && isMessage(line.row) && line.sender === self) ??
        null,
      elementOf: (key) =>
        scroller.current?.querySelector<HTMLElement>(`[data-line="${CSS.escape(key)}"]`) ?? null,
    }),
    [toEnd, toLine, lines, self, roving.focusSeq],
  );

  const top = looking.top;
  return (
    <div className={styles.frame}>
      <div
        ref={scroller}
        role="log"
        // New messages are said once by the announcer; lines that come and go by scrolling are not news.
        aria-live="off"
        aria-label={t('messages')}
        aria-busy={!placed}
        className={styles.scroller}
        data-placed={placed || undefined}
        data-chat-kind={conversation.kind}
        {...roving.attributes}
      >
        <div className={styles.filler} />
        <div ref={virtualizer.containerRef} className={styles.lines}>
          <LogEdge view={view} edge="older" height={edgeHeight} conversation={conversation} />
          {virtualizer.getVirtualItems().map((item) => {
            const line = lines[item.index] as Line;
            return (
              <div
                key={item.key}
                data-index={item.index}
                data-seq={line.row.seq ?? undefined}
                ref={virtualizer.measureElement}
                className={styles.line}
              >
                <LogRow
                  row={line.row}
                  sender={line.sender}
                  at={line.at}
                  opensDay={line.opensDay}
                  unreadFromHere={line.unreadFromHere}
                  first={line.first}
                  last={line.last}
                  tick={line.sender === self && isMessage(line.row) ? tickOf(line.row, conversation) : null}
                  active={line.key === roving.activeKey}
                  flash={line.row.seq !== null && line.row.seq === flashed}
                />
              </div>
            );
          })}
        </div>
        <LogEdge view={view} edge="newer" height={0} conversation={conversation} />
      </div>
      {placed && lines.length === 0 && !view.hasOlder && <EmptyLog conversation={conversation} />}
      {top && <FloatingDay at={top.at} shown={virtualizer.isScrolling && !looking.atEnd} />}
      {placed && !looking.atEnd && <ToEndButton unread={conversation.unread} onPress={() => void toEnd()} />}
    </div>
  );
}

/** Room above the first line for what happens there: loading, no connection, the beginning. Always the same, so that nothing moves. */
const edgeHeight = 56;
