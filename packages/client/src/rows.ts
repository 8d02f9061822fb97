import { type Entry, sendKey } from '@tidings/api/entry';
import type { Seq, Timestamp, UserId } from '@tidings/api/ids';
import type { LocalEntry } from './local-store.ts';

/** What the user did to single messages of a conversation for themselves: from the account log. */
export type Kept = {
  readonly hidden: readonly Seq[];
  readonly starred: readonly (readonly [Seq, Timestamp])[];
};

export const nothingKept: Kept = { hidden: [], starred: [] };

/** An entry as a row, before anything later changed it. */
export function rowOf(entry: Entry, kept: Kept): LocalEntry {
  const plain: LocalEntry = { ...entry, visible: showsAsLine(entry) ? 1 : 0, send: sendKey(entry) ?? '' };
  // Its target shows an edit's text. Kept here too, it would outlive the target's deletion.
  if (entry.kind === 'edit') return { ...plain, content: '' };
  const row = entry.deleted ? erased(plain) : plain;
  return kept === nothingKept ? row : withKept(row, kept);
}

/** Kinds that this version doesn't know show as "not supported" when they are about nothing else. */
function showsAsLine(entry: Entry): boolean {
  switch (entry.kind) {
    case 'message':
    case 'change':
    case 'call':
      return true;
    case 'edit':
    case 'delete':
    case 'reaction':
    case 'account':
    case 'void':
      return false;
    default:
      return entry.target === undefined;
  }
}

/** The row as an effect leaves it; the same object when it changes nothing. Any order of effects gives the same row. */
export function withEffect(row: LocalEntry, effect: Entry): LocalEntry {
  if (row.kind !== 'message' || row.deleted || row.seq !== effect.target) return row;
  switch (effect.kind) {
    case 'delete':
      return erased(row);
    case 'edit':
      return withEdit(row, effect);
    case 'reaction':
      return withReaction(row, effect);
    default:
      return row;
  }
}

function erased(row: LocalEntry): LocalEntry {
  const { editedSeq: _s, editedAt: _a, reactions: _r, reactionSeqs: _q, ...rest } = row;
  return { ...rest, content: '', deleted: true };
}

function withEdit(row: LocalEntry, edit: Entry): LocalEntry {
  // An erased edit belongs to a deletion, which is on its way.
  if (edit.sender !== row.sender || edit.deleted || (row.editedSeq ?? 0) >= edit.seq) return row;
  return { ...row, content: edit.content, editedSeq: edit.seq, editedAt: edit.sentAt };
}

function withReaction(row: LocalEntry, reaction: Entry): LocalEntry {
  const seqs = row.reactionSeqs ?? {};
  if ((seqs[reaction.sender] ?? 0) >= reaction.seq) return row;
  const emojis = new Map<UserId, string>();
  for (const [emoji, users] of Object.entries(row.reactions ?? {})) {
    for (const user of users) emojis.set(user, emoji);
  }
  emojis.set(reaction.sender, reaction.content);
  const reactionSeqs = { ...seqs, [reaction.sender]: reaction.seq };
  return { ...row, reactions: grouped(emojis, reactionSeqs), reactionSeqs };
}

/** Emoji → users, both in the order of the reactions' positions, so that the order of arrival leaves no trace. */
function grouped(
  emojis: ReadonlyMap<UserId, string>,
  seqs: Readonly<Record<string, Seq>>,
): Record<string, readonly UserId[]> {
  const order = [...emojis.keys()].sort((a, b) => (seqs[a] ?? 0) - (seqs[b] ?? 0));
  const reactions: Record<string, UserId[]> = {};
  for (const user of order) {
    const emoji = emojis.get(user);
    if (!emoji) continue;
    reactions[emoji] ??= [];
    reactions[emoji].push(user);
  }
  return reactions;
}

/**
 * What was read anew (`fresh`, complete up to `upTo`) with what the held row learnt from above that: for a row to which a
 * later copy of an effect had been applied before the first copy was known.
 */
export function rebuilt(fresh: LocalEntry, held: LocalEntry, upTo: Seq): LocalEntry {
  if (fresh.deleted || held.deleted) return erased(fresh);
  const edited = (held.editedSeq ?? 0) > upTo ? pickEdit(held) : {};
  const row: LocalEntry = { ...fresh, ...edited };
  const newer = Object.entries(held.reactionSeqs ?? {}).filter(([, at]) => at > upTo) as [UserId, Seq][];
  return newer.reduce(
    (built, [user, at]) =>
      withReaction(built, { ...held, kind: 'reaction', sender: user, seq: at, content: emojiOf(held, user) }),
    row,
  );
}

const pickEdit = (row: LocalEntry): Partial<LocalEntry> => ({
  content: row.content,
  ...(row.editedSeq === undefined ? {} : { editedSeq: row.editedSeq }),
  ...(row.editedAt === undefined ? {} : { editedAt: row.editedAt }),
});

const emojiOf = (row: LocalEntry, user: UserId): string =>
  Object.entries(row.reactions ?? {}).find(([, users]) => users.includes(user))?.[0] ?? '';

/** A later copy of a send: void for every reader. */
export const asDuplicate = (row: LocalEntry): LocalEntry =>
  row.duplicate ? row : { ...row, duplicate: true, visible: 0 };

/** The row with what the user did to it for themselves. */
export function withKept(row: LocalEntry, kept: Kept): LocalEntry {
  const { hidden: wasHidden, starredAt: wasStarred, ...rest } = row;
  const hidden = kept.hidden.includes(row.seq);
  const starredAt = kept.starred.find(([at]) => at === row.seq)?.[1];
  if (hidden === (wasHidden === true) && starredAt === wasStarred) return row;
  const visible = !hidden && !row.duplicate && showsAsLine(row) ? 1 : 0;
  return {
    ...rest,
    visible,
    ...(hidden ? { hidden: true } : {}),
    ...(starredAt === undefined ? {} : { starredAt }),
  };
}
