import type { ConversationId, Seq } from '@tidings/api/ids';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useEngine } from '../../engine/hooks';
import type { MessagesView } from '../../engine/message-window';
import { usePageVisible } from '../../engine/use-page';
import type { Line } from './lines';
import { places } from './places';
import { firstShown, lastSeen, nearsEnd, nearsTop } from './seen';
import { endThreshold, type VirtualLines } from './use-virtual-lines';

type Sources = {
  readonly conversation: ConversationId;
  readonly view: MessagesView;
  readonly lines: readonly Line[];
  readonly virtualizer: VirtualLines;
  readonly placed: boolean;
};

export type Looking = {
  /** Whether the newest line is on the screen, or nearly. */
  readonly atEnd: boolean;
  /** The line at the upper edge. */
  readonly top: Line | null;
  /** To be called whenever something moved. */
  look(): void;
};

/**
 * What follows from what is on the screen, looked at once per frame in which something moved: the next page is loaded before one
 * gets there, what was seen is marked as read (MARK3), and the place is remembered for coming back.
 */
export function useLooking(sources: Sources): Looking {
  const { conversation, view, lines, virtualizer, placed } = sources;
  const engine = useEngine();
  const visible = usePageVisible();
  const [atEnd, setAtEnd] = useState(true);
  const [top, setTop] = useState<Line | null>(null);
  const marked = useRef<Seq | null>(null);

  const lookNow = useCallback(() => {
    const pane = paneOf(virtualizer);
    if (!placed || !pane) return;
    const extents = virtualizer.getVirtualItems();
    const shown = extents.filter((extent) => extent.end > pane.top && extent.start < pane.bottom);
    const first = firstShown(shown, pane);
    const ends = !view.hasNewer && virtualizer.isAtEnd(endThreshold);
    setAtEnd(ends);
    setTop(first ? (lines[first.index] ?? null) : null);
    view.follow(ends);
    const seq = first && lines[first.index]?.row.seq;
    places.leave(conversation, ends || !first || !seq ? null : { seq, above: first.above });
    if (nearsTop(shown[0]?.index ?? 0) && view.hasOlder && view.unavailable !== 'older')
      void view.loadOlder();
    if (nearsEnd(shown.at(-1)?.index ?? 0, lines.length) && view.hasNewer && view.unavailable !== 'newer')
      void view.loadNewer();
    const seen = visible ? lastSeen(lines, shown, pane) : null;
    if (seen !== null && seen > (marked.current ?? 0)) {
      marked.current = seen;
      engine.markRead(conversation, seen);
    }
  }, [conversation, view, lines, virtualizer, placed, visible, engine]);

  const look = useOncePerFrame(lookNow);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new reason to look is in `lookNow`.
  useEffect(look, [look, lookNow]);
  return { atEnd, top, look };
}

/** The newest `task`, at most once per frame. The answer keeps its identity. */
function useOncePerFrame(task: () => void): () => void {
  const newest = useRef(task);
  const frame = useRef(0);
  useLayoutEffect(() => {
    newest.current = task;
  }, [task]);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  return useCallback(() => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => newest.current());
  }, []);
}

function paneOf(virtualizer: VirtualLines): { top: number; bottom: number } | null {
  const { scrollOffset, scrollRect } = virtualizer;
  if (scrollOffset === null || !scrollRect || scrollRect.height === 0) return null;
  return { top: scrollOffset, bottom: scrollOffset + scrollRect.height };
}
