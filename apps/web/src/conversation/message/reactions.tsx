'use client';

import type { UserId } from '@tidings/api/ids';
import { useWords } from '@/words/words';
import type { MessageRow } from '../../engine/message-rows';
import { useNames } from '../people';
import { useScene } from '../scene';
import styles from './reactions.module.css';

type EntryRow = Extract<MessageRow, { type: 'entry' }>;

type ReactionsProps = { readonly row: EntryRow; readonly tabIndex: number };

/** What people reacted with, the most frequent first; a click joins in or takes the own one back. */
export function Reactions({ row, tabIndex }: ReactionsProps) {
  const t = useWords('conversation');
  const all = Object.entries(row.entry.reactions ?? {}).filter(([, users]) => users.length > 0);
  if (all.length === 0) return null;
  const sorted = all.toSorted(([, a], [, b]) => b.length - a.length);
  return (
    <ul className={styles.reactions} aria-label={t('reactions')}>
      {sorted.map(([emoji, users]) => (
        <li key={emoji}>
          <Reaction row={row} emoji={emoji} users={users} tabIndex={tabIndex} />
        </li>
      ))}
    </ul>
  );
}

type ReactionProps = ReactionsProps & { readonly emoji: string; readonly users: readonly UserId[] };

const mostNames = 20;

function Reaction({ row, emoji, users, tabIndex }: ReactionProps) {
  const t = useWords('conversation');
  const scene = useScene();
  const own = users.includes(scene.self);
  const named = useNames(users.filter((user) => user !== scene.self).slice(0, mostNames));
  const names = [...(own ? [t('you')] : []), ...named].join(', ');
  return (
    <button
      type="button"
      className={styles.reaction}
      tabIndex={tabIndex}
      aria-pressed={own}
      aria-label={t('reactedWith', { emoji, count: users.length, names })}
      data-tip={names}
      onClick={() => scene.react(row, own ? '' : emoji)}
    >
      <span aria-hidden="true" className={styles.emoji}>
        {emoji}
      </span>
      {users.length > 1 && <span aria-hidden="true">{users.length}</span>}
    </button>
  );
}
