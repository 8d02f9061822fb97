import { parseContent } from '@tidings/api/content';
import type { DeviceId, Seq, UserId } from '@tidings/api/ids';
import type { LocalEntry, OutboxItem } from '@tidings/client/local-store';

/** A line of a conversation. `key` stays the same when a waiting send becomes an entry. */
export type MessageRow =
  | {
      readonly type: 'entry';
      readonly key: string;
      readonly seq: Seq;
      /** With the effects that still wait in the outbox already applied. */
      readonly entry: LocalEntry;
      /** An edit, deletion or reaction of one's own that waits to be sent, or failed. */
      readonly waiting: OutboxItem | null;
    }
  | { readonly type: 'outbox'; readonly key: string; readonly seq: null; readonly item: OutboxItem };

export type Own = { readonly userId: UserId; readonly deviceId: DeviceId };

/** `waiting` in the order of the outbox; its messages come last, its effects change the entries they are about. */
export function makeRows(
  entries: readonly LocalEntry[],
  waiting: readonly OutboxItem[],
  own: Own,
): readonly MessageRow[] {
  const effects = new Map<Seq, OutboxItem[]>();
  for (const item of waiting) {
    if (item.target !== undefined) effects.set(item.target, [...(effects.get(item.target) ?? []), item]);
  }
  const shown = entries.map((entry) => entryRow(entry, effects.get(entry.seq) ?? [], own));
  const stored = new Set(shown.map((row) => row.key));
  const sends = waiting
    .filter((item) => item.kind === 'message')
    .map((item): MessageRow => ({ type: 'outbox', key: sendRowKey(item.clientId), seq: null, item }))
    .filter((row) => !stored.has(row.key));
  return [...shown, ...sends];
}

function entryRow(entry: LocalEntry, effects: readonly OutboxItem[], own: Own): MessageRow {
  const sent =
    entry.kind === 'message' && entry.device === own.deviceId && entry.sender === own.userId
      ? entry.clientId
      : undefined;
  return {
    type: 'entry',
    key: sent === undefined ? `seq ${entry.seq}` : sendRowKey(sent),
    seq: entry.seq,
    entry: effects
      .filter((item) => item.state.type !== 'failed')
      .reduce((shown, item) => applyEffect(shown, item, own.userId), entry),
    waiting: effects.at(-1) ?? null,
  };
}

const sendRowKey = (client: string): string => `send ${client}`;

function applyEffect(entry: LocalEntry, item: OutboxItem, self: UserId): LocalEntry {
  switch (item.kind) {
    case 'edit':
      return parseContent(item.content).type === 'unknown'
        ? entry
        : { ...entry, content: item.content, editedAt: item.createdAt };
    case 'delete':
      return { ...entry, content: '', deleted: true };
    case 'reaction':
      return { ...entry, reactions: withReaction(entry.reactions ?? {}, item.content, self) };
    case 'message':
      return entry;
  }
}

function withReaction(
  reactions: NonNullable<LocalEntry['reactions']>,
  emoji: string,
  self: UserId,
): Record<string, readonly UserId[]> {
  const others = Object.entries(reactions)
    .map(([key, users]) => [key, users.filter((user) => user !== self)] as const)
    .filter(([, users]) => users.length > 0);
  const next: Record<string, readonly UserId[]> = Object.fromEntries(others);
  if (emoji !== '') next[emoji] = [...(next[emoji] ?? []), self];
  return next;
}
