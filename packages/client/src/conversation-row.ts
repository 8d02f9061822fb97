import type { AccountItem } from '@tidings/api/account';
import { type ConversationId, type Seq, seq, trustedConversationId } from '@tidings/api/ids';
import type { Head } from '@tidings/api/sync';
import type { LocalConversation } from './local-store.ts';
import { later } from './ranges.ts';

/** The keys of the account's state that a conversation's row carries, in the order that {@link withItems} takes values. */
const fields = ['draft', 'mute', 'pin', 'archive', 'clear'] as const;

export const itemKeysOf = (id: ConversationId): readonly string[] => fields.map((field) => `${field}:${id}`);

/** A conversation that this device hears of for the first time. */
export function newRow(head: Head): LocalConversation {
  const { last: _, unread, ...rest } = head;
  return {
    ...rest,
    ranges: [],
    unread,
    last: null,
    pinnedAt: null,
    mutedUntil: null,
    archived: false,
    clearedSeq: seq(0),
    draft: null,
    activityAt: head.last?.sentAt ?? head.headAt,
  };
}

/**
 * What the server says now, with what this device heard meanwhile: positions and marks only grow. Only a membership that ended
 * brings the head down.
 */
export function withHead(row: LocalConversation, head: Head): LocalConversation {
  const { last: _l, unread: _u, conversationId: _c, kind: _k, ...now } = head;
  const ended = head.removedSeq !== null;
  const newer = ended || head.head >= row.head;
  return {
    ...row,
    ...now,
    head: ended ? head.head : later(row.head, head.head),
    headAt: newer ? head.headAt : row.headAt,
    delivered: later(row.delivered, head.delivered),
    read: later(row.read, head.read),
    othersDelivered: later(row.othersDelivered, head.othersDelivered),
    othersRead: later(row.othersRead, head.othersRead),
  };
}

type Span = Pick<Head, 'joinedSeq' | 'removedSeq'>;

/**
 * Without the heads of a server that was asked before it heard of a change (see `Access`: it may be seconds behind another): they would
 * open again what ended. Whoever is let in again joins higher up, and nothing else takes an end back. So what tells of an earlier
 * span, or of the same one without its end, is older than what is known.
 */
export function withoutOutdated(known: Span | null, heads: readonly Head[]): Head[] {
  let newest = known;
  return heads.filter((head) => {
    if (newest && isOutdated(head, newest)) return false;
    newest = head;
    return true;
  });
}

const isOutdated = (head: Span, known: Span): boolean =>
  head.joinedSeq < known.joinedSeq ||
  (head.joinedSeq === known.joinedSeq && head.removedSeq === null && known.removedSeq !== null);

/** Later puts of a key win. Keys of other conversations, and of single messages, are none of this row's. */
export function withItems(row: LocalConversation, items: readonly AccountItem[]): LocalConversation {
  const changed: Partial<LocalConversation>[] = [];
  for (const { key, value } of items) {
    const field = fieldOf(key, row.conversationId);
    if (field) changed.push(fieldValue(field, value));
  }
  return changed.length > 0 ? Object.assign({}, row, ...changed) : row;
}

function fieldValue(field: (typeof fields)[number], value: unknown): Partial<LocalConversation> {
  const number = typeof value === 'number' ? value : null;
  switch (field) {
    case 'draft':
      return { draft: (value as { text?: string } | null | undefined)?.text || null };
    case 'mute':
      return { mutedUntil: number };
    case 'pin':
      return { pinnedAt: number };
    case 'archive':
      return { archived: value === true };
    case 'clear':
      return { clearedSeq: seq(number ?? 0) };
  }
}

function fieldOf(key: string, id: ConversationId): (typeof fields)[number] | null {
  const [name = ''] = key.split(':', 1);
  const field = fields.find((candidate) => candidate === name);
  return field && key === `${field}:${id}` ? field : null;
}

/** The conversation that an item is about: `pin:<c>`, `hide:<c>:<seq>`, …; null for others, the engine's own among them. */
export function conversationOf(key: string): ConversationId | null {
  const parts =
    /^(draft|mute|pin|archive|clear|hide|star):((?:direct:[^:]+:[^:]+)|(?:group:[^:]+))(?::\d+)?$/.exec(key);
  return parts ? trustedConversationId(parts[2] as string) : null;
}

/** `hide:<c>:<seq>` and `star:<c>:<seq>`, taken apart. */
export function messageKeyOf(key: string): { readonly type: 'hide' | 'star'; readonly seq: Seq } | null {
  const parts = /^(hide|star):.+:(\d{1,15})$/.exec(key);
  return parts ? { type: parts[1] as 'hide' | 'star', seq: seq(Number(parts[2])) } : null;
}

/** The first position that shows to this user: neither before they joined nor cleared. */
export const floorOf = (row: Pick<LocalConversation, 'joinedSeq' | 'clearedSeq'>): Seq =>
  seq(Math.max(1, row.joinedSeq, row.clearedSeq + 1));
