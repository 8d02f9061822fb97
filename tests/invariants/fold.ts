import { type AccountItem, isClientItem } from '@tidings/api/account';
import { type Entry, sendKey } from '@tidings/api/entry';
import type { Row } from './history.ts';

/**
 * What a log means, written as plainly as possible and independently of the client: the rows that every device must show for
 * positions first..last. Later copies of a send are void; edits and reactions of a user count by their newest entry.
 */
export function foldLog(log: readonly Entry[], first: number, last: number): Row[] {
  const firstBySend = new Map<string, number>();
  for (const entry of log) {
    const key = sendKey(entry);
    if (key && !firstBySend.has(key)) firstBySend.set(key, entry.seq);
  }
  const counted = log.filter((entry) => {
    const key = sendKey(entry);
    return entry.seq >= first && entry.seq <= last && (!key || firstBySend.get(key) === entry.seq);
  });
  const rows = new Map<number, Row>();
  for (const entry of counted) {
    if (entry.kind === 'message' || entry.kind === 'change') rows.set(entry.seq, rowOf(entry));
    const target = entry.target === undefined ? undefined : rows.get(entry.target);
    if (target) rows.set(target.seq, withEffect(target, entry));
  }
  return [...rows.values()];
}

function rowOf(entry: Entry): Row {
  return {
    seq: entry.seq,
    sender: entry.sender,
    device: entry.device ?? '',
    clientId: entry.clientId ?? '',
    content: entry.deleted ? '' : entry.content,
    deleted: entry.deleted === true,
    reactions: {},
  };
}

function withEffect(row: Row, effect: Entry): Row {
  if (row.deleted && effect.kind !== 'reaction') return row;
  switch (effect.kind) {
    case 'delete':
      return { ...row, content: '', deleted: true, reactions: {} };
    case 'edit':
      return effect.sender === row.sender ? { ...row, content: effect.content } : row;
    case 'reaction':
      return row.deleted ? row : { ...row, reactions: withReaction(row.reactions, effect) };
    default:
      return row;
  }
}

function withReaction(reactions: Row['reactions'], effect: Entry): Row['reactions'] {
  const kept: Record<string, readonly string[]> = {};
  for (const [emoji, users] of Object.entries(reactions)) {
    const others = users.filter((user) => user !== effect.sender);
    if (others.length > 0) kept[emoji] = others;
  }
  if (effect.content !== '') kept[effect.content] = [...(kept[effect.content] ?? []), effect.sender];
  return kept;
}

/** The state of an account: of each key the newest put; null takes it away. Wake-ups of the server are no state. */
export function foldAccount(log: readonly Entry[]): Map<string, unknown> {
  const state = new Map<string, unknown>();
  for (const entry of log) {
    if (entry.kind !== 'account') continue;
    const item = JSON.parse(entry.content) as AccountItem;
    if (!isClientItem(item)) continue;
    if (item.value === null) state.delete(item.key);
    else state.set(item.key, item.value);
  }
  return state;
}
