'use client';

import type { ConversationId } from '@tidings/api/ids';
import type { OutboxItem } from '@tidings/client/local-store';
import { useMemo } from 'react';
import { useLive } from '@/engine/hooks';

/** Per chat the newest message that is in the outbox still: the line that the list shows for it. */
export function useNewestWaiting(): ReadonlyMap<ConversationId, OutboxItem> {
  const outbox = useLive('outbox', (reads) => reads.outbox());
  return useMemo(() => newestWaiting(outbox ?? []), [outbox]);
}

export function newestWaiting(outbox: readonly OutboxItem[]): ReadonlyMap<ConversationId, OutboxItem> {
  return new Map(outbox.filter((item) => item.kind === 'message').map((item) => [item.conversationId, item]));
}
