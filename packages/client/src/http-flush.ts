import type { Clock } from '@tidings/api/clock';
import type { SendResult } from '@tidings/api/message';
import { expire, type FlushContext, type Flushed, flushCall, nextCall } from './flush.ts';
import { apiOverHttp, type HttpApiParts } from './http-api.ts';
import type { LocalStore, OutboxItem } from './local-store.ts';
import { domainError } from './trpc-errors.ts';

export type HttpFlushParts = HttpApiParts & {
  readonly store: LocalStore;
  readonly clock: Pick<Clock, 'now'>;
};

/**
 * OUT6: sends what waits in the outbox without a line, as a service worker does when the page is closed. The entries themselves
 * come when the engine runs again; until then their sends stay in the outbox as sent. Rejects with `unavailable` when something
 * is left that another attempt may send, so that the browser makes one.
 */
export function flushOverHttp(parts: HttpFlushParts): Promise<void> {
  return flushOutbox({ store: parts.store, clock: parts.clock, send: sendOverHttp(parts) });
}

/** The same, by whatever way calls go. */
export async function flushOutbox(context: FlushContext): Promise<void> {
  const items = await expire(await context.store.outbox(), context);
  const handled = new Set<string>();
  const later = new Set<string>();
  const alone = new Set<OutboxItem['clientId']>();
  for (;;) {
    const open = items.filter((item) => !handled.has(item.clientId));
    const call = nextCall(open, (conversation) => later.has(conversation), alone);
    if (call.length === 0) break;
    const flushed = await flushCall(call, context);
    for (const client of flushed.suspects) alone.add(client);
    for (const item of flushed.failed) handled.add(item.clientId);
    for (const { item } of flushed.acknowledged) handled.add(item.clientId);
    for (const conversation of flushed.later.keys()) later.add(conversation);
    await keepSent(context.store, flushed.acknowledged);
  }
  if (later.size > 0) throw domainError(null);
}

/**
 * A page that is open may store an entry at any moment, and drops its send with it (OUT3). One that it stored before this puts the
 * send back is found afterwards; one that it stores later takes the send along.
 */
async function keepSent(store: FlushContext['store'], sends: Flushed['acknowledged']): Promise<void> {
  await store.apply(
    sends.map(({ item, seq, sentAt }) => ({
      type: 'put-outbox',
      item: { ...item, state: { type: 'sent', seq, sentAt } },
    })),
  );
  const arrived = await Promise.all(
    sends.map(async ({ item, seq }) => {
      const row = await store.conversation(item.conversationId);
      return seq <= (row?.ranges.at(-1)?.last ?? 0) ? [item.clientId] : [];
    }),
  );
  const clientIds = arrived.flat();
  if (clientIds.length > 0) await store.apply([{ type: 'drop-outbox', clientIds }]);
}

function sendOverHttp(parts: HttpFlushParts): FlushContext['send'] {
  const client = apiOverHttp(parts);
  return async (messages) => {
    try {
      return (await client.message.send.mutate({ messages: [...messages] })) as readonly SendResult[];
    } catch (error) {
      throw domainError(error);
    }
  };
}
