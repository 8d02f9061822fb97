'use client';

import type { ConversationId } from '@tidings/api/ids';
import type { OutboxItem } from '@tidings/client/local-store';
import { useMemo } from 'react';
import { useQuery } from '@/engine/hooks';
import { wholeOutbox } from '@/engine/queries';

/** Per chat the newest message that is in the outbox still: the line that the list shows for it. */
export function useNewestWaiting(): ReadonlyMap<ConversationId, OutboxItem> {
  const outbox = useQuery(wholeOutbox);
  return useMemo(() => newestWaiting(outbox ?? []), [outbox]);
}

export function newestWaiting(outbox: readonly OutboxItem[]): ReadonlyMap<ConversationId, OutboxItem> {
  return new Map(outbox.filter((item) => item.kind === 'message').map((item) => [item.conversationId, item]));
}
