import type { LocalConversation } from '@tidings/client/local-store';
import { useCallback, useState } from 'react';
import { useConnection } from '../../engine/hooks';
import { usePageVisible } from '../../engine/use-page';
import type { Divider, Line } from './lines';
import { dividerOf } from './places';
import type { VirtualLines } from './use-virtual-lines';

/**
 * Where the unread messages began. Decided when the conversation opens, and again for what comes while nobody looks at the page or
 * while the device catches up.
 */
export function useDivider(conversation: LocalConversation) {
  const visible = usePageVisible();
  const live = useConnection().type === 'live';
  const [{ divider, head }, setKnown] = useState(() => ({
    divider: dividerOf(conversation),
    head: conversation.head,
  }));
  if (conversation.head !== head) {
    const next =
      visible && live ? divider : renewDivider(divider, dividerOf(conversation), { looking: visible });
    setKnown({ divider: next, head: conversation.head });
  }

  /** Whether following the end would take the first unread line off the screen before anybody saw it. */
  const holds = useCallback(
    (virtualizer: VirtualLines | null, lines: readonly Line[]): boolean => {
      if ((visible && live) || !virtualizer) return false;
      const index = lines.findIndex((line) => line.unreadFromHere > 0);
      const item = index < 0 ? undefined : virtualizer.measurementsCache[index];
      return item !== undefined && item.start <= (virtualizer.scrollOffset ?? 0) + roomAbove;
    },
    [visible, live],
  );
  return { divider, holds };
}

const roomAbove = 80;

/** The divider after something came: it grows as long as nothing was read, and never moves under the eyes of who reads. */
export function renewDivider(
  divider: Divider | null,
  fresh: Divider | null,
  { looking }: { looking: boolean },
): Divider | null {
  if (!fresh) return divider;
  const nothingRead = divider !== null && divider.after === fresh.after;
  return divider === null || nothingRead || !looking ? fresh : divider;
}
