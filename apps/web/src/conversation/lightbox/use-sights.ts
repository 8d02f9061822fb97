'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { useCallback, useEffect, useState } from 'react';
import { useClient } from '../../engine/client';
import type { MessageRow } from '../../engine/message-rows';
import { neighbourOf, type Sight } from '../media/media-log';
import { parsedContent } from '../text/content';

/** What is looked at, and what lies on both sides of it. */
export function useSights(conversation: LocalConversation, row: MessageRow, index: number) {
  const { store } = useClient();
  const [sight, setSight] = useState<Sight | null>(() => sightOf(row, index));
  const [sides, setSides] = useState<readonly [Sight | null, Sight | null]>([null, null]);
  const { conversationId, clearedSeq } = conversation;

  useEffect(() => {
    if (!sight) return;
    let current = true;
    const log = { conversation: conversationId, cleared: clearedSeq };
    void Promise.all([neighbourOf(store, log, sight, -1), neighbourOf(store, log, sight, 1)]).then(
      (found) => current && setSides(found),
    );
    return () => {
      current = false;
    };
  }, [store, conversationId, clearedSeq, sight]);

  const [before, after] = sides;
  const go = useCallback(
    (direction: 1 | -1) => {
      const next = direction === 1 ? after : before;
      if (next) setSight(next);
    },
    [before, after],
  );
  return { sight, before, after, go };
}

function sightOf(row: MessageRow, index: number): Sight | null {
  const content = parsedContent(row);
  return content.type === 'media' ? { row, content, index } : null;
}
