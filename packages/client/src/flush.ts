import type { Clock } from '@tidings/api/clock';
import { type ErrorCode, TidingsError } from '@tidings/api/errors';
import type { ClientId, ConversationId } from '@tidings/api/ids';
import type { Outgoing, SendResult } from '@tidings/api/message';
import { limits } from '@tidings/api/protocol';
import { isRefusal } from './backoff.ts';
import type { Acknowledged } from './draft.ts';
import type { LocalStore, OutboxItem } from './local-store.ts';

/** OUT4: what couldn't be sent for so long is shown as failed, rather than sent out of the blue. */
export const expiryMs = 24 * 3_600_000;
/** Bytes of contents in one call: a few calls share a frame, which the server limits. */
const callBytes = limits.frameBytes / 4;

export type FlushContext = {
  readonly store: Pick<LocalStore, 'apply' | 'outbox' | 'conversation'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly send: (messages: readonly Outgoing[]) => Promise<readonly SendResult[]>;
};

/** What became of the sends of one call. */
export type Flushed = {
  readonly acknowledged: readonly Acknowledged[];
  /** Refused for good, and stored as failed. */
  readonly failed: readonly OutboxItem[];
  /** To be tried again, but not before so many ms. */
  readonly later: ReadonlyMap<ConversationId, number>;
  /** The server refuses the call as a whole: which of them is to blame shows when each goes alone. */
  readonly suspects: readonly ClientId[];
};

export const isWaiting = (item: OutboxItem): boolean => item.state.type === 'waiting';

/** ASSET10: its files aren't at the server. */
export const isBlocked = ({ state }: Pick<OutboxItem, 'state'>): boolean =>
  state.type === 'preparing' || state.type === 'uploading';

/** Without what is blocked, and what stands behind it in its conversation. */
export function unblocked(items: readonly OutboxItem[]): readonly OutboxItem[] {
  const closed = new Set<ConversationId>();
  return items.filter((item) => {
    if (isBlocked(item)) closed.add(item.conversationId);
    return !closed.has(item.conversationId);
  });
}

/** OUT4: stores as failed what has waited too long, so that it doesn't hold up what is behind it. */
export async function expire(
  items: readonly OutboxItem[],
  { store, clock }: FlushContext,
): Promise<readonly OutboxItem[]> {
  const isOld = ({ createdAt, readyAt = createdAt }: OutboxItem) => clock.now() - readyAt > expiryMs;
  const old = unblocked(items).filter((item) => isWaiting(item) && isOld(item));
  if (old.length === 0) return items;
  await store.apply(old.map((item) => ({ type: 'put-outbox', item: failedAs(item, 'expired') })));
  return items.filter((item) => !old.includes(item));
}

/**
 * OUT2: the next call: from the front of each conversation, in order, until the call is full. `skip` are conversations whose
 * sends are under way or have to wait.
 */
export function nextCall(
  items: readonly OutboxItem[],
  skip: (conversation: ConversationId) => boolean,
  alone: ReadonlySet<ClientId> = new Set(),
): readonly OutboxItem[] {
  const call: OutboxItem[] = [];
  const full = new Set<ConversationId>();
  let bytes = 0;
  for (const item of unblocked(items)) {
    if (!isWaiting(item) || full.has(item.conversationId) || skip(item.conversationId)) continue;
    bytes += bytesOf(item);
    const single = alone.has(item.clientId);
    if (call.length > 0 && (single || bytes > callBytes || call.length >= limits.batch)) {
      full.add(item.conversationId);
      bytes -= bytesOf(item);
      continue;
    }
    call.push(item);
    if (single) break;
  }
  return call;
}

/** Makes one call. Rejects when nobody knows what became of it: then the same items go again, as retries. */
export async function flushCall(call: readonly OutboxItem[], context: FlushContext): Promise<Flushed> {
  // Whether this is a first attempt is decided by what was stored before it, not by what is stored now.
  const messages = call.map(outgoing);
  await markTried(call, context);
  try {
    return await settle(call, await context.send(messages), context);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (call.length > 1) return { ...nothing, suspects: call.map((item) => item.clientId) };
    return settle(
      call,
      [{ clientId: (call[0] as OutboxItem).clientId, error: (error as TidingsError).code }],
      context,
    );
  }
}

const nothing: Flushed = { acknowledged: [], failed: [], later: new Map(), suspects: [] };

/** OUT5: the head known before the first attempt is stored before that attempt: a crash after it leaves a retry. */
async function markTried(call: readonly OutboxItem[], { store }: FlushContext): Promise<void> {
  const fresh = call.filter((item) => item.triedSince === undefined);
  if (fresh.length === 0) return;
  const ids = [...new Set(fresh.map((item) => item.conversationId))];
  const heads = new Map(
    await Promise.all(ids.map(async (id) => [id, (await store.conversation(id))?.head] as const)),
  );
  await store.apply(
    fresh.map((item) => ({
      type: 'put-outbox',
      item: { ...item, triedSince: heads.get(item.conversationId) ?? nowhere },
    })),
  );
}

const nowhere = 0 as NonNullable<OutboxItem['triedSince']>;

function outgoing(item: OutboxItem): Outgoing {
  const { conversationId, clientId, kind, target, content, assets, triedSince } = item;
  return {
    conversationId,
    clientId,
    kind,
    content,
    ...(assets && assets.length > 0 ? { assets: assets.map(({ id }) => id) } : {}),
    ...(target === undefined ? {} : { target }),
    ...(triedSince === undefined ? {} : { retrySince: triedSince }),
  };
}

async function settle(
  call: readonly OutboxItem[],
  results: readonly SendResult[],
  { store }: FlushContext,
): Promise<Flushed> {
  const byClient = new Map(results.map((result) => [result.clientId, result]));
  const acknowledged: Acknowledged[] = [];
  const failed: OutboxItem[] = [];
  const toUpload: OutboxItem[] = [];
  const later = new Map<ConversationId, number>();
  for (const item of call) {
    const result = byClient.get(item.clientId);
    if (result && 'seq' in result) acknowledged.push({ item, seq: result.seq, sentAt: result.sentAt });
    else if (result && isRefusal(new TidingsError(result.error))) failed.push(failedAs(item, result.error));
    else {
      const asked = result?.retryAfterMs ?? 0;
      later.set(item.conversationId, Math.max(later.get(item.conversationId) ?? 0, asked));
      if (result?.error === 'asset-missing' && item.assets) toUpload.push(uploadingAgain(item));
    }
  }
  const changed = [...failed, ...toUpload];
  if (changed.length > 0) await store.apply(changed.map((item) => ({ type: 'put-outbox', item })));
  return { acknowledged, failed, later, suspects: [] };
}

/** The server lost them, or never had them from this user: they are offered, and uploaded, once more. */
const uploadingAgain = (item: OutboxItem): OutboxItem => ({ ...item, state: { type: 'uploading' } });

export const failedAs = (item: OutboxItem, code: ErrorCode | 'expired'): OutboxItem => ({
  ...item,
  state: { type: 'failed', code },
});

/** At most what it takes on the wire: JSON inside JSON can grow, and UTF-8 too. */
const bytesOf = ({ content }: OutboxItem): number => 400 + content.length * (content.length < 1_000 ? 6 : 3);
