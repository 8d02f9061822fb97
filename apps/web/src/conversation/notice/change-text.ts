import type { GroupChange } from '@tidings/api/content';
import type { UserId } from '@tidings/api/ids';

/** The words of a change: a key of the catalogue under `conversation.change`, and whom it names. */
export type ChangeText = {
  readonly key:
    | 'created'
    | 'added'
    | 'removed'
    | 'left'
    | 'madeOwner'
    | 'madeAdmin'
    | 'dismissed'
    | 'named'
    | 'described'
    | 'undescribed'
    | 'pictured'
    | 'unpictured'
    | 'unknown';
  /** The people that it happened to. */
  readonly about: readonly UserId[];
  /** A new name. */
  readonly name?: string;
};

export function changeText(change: GroupChange | null): ChangeText {
  switch (change?.type) {
    case 'created':
      return { key: 'created', about: [], name: change.name };
    case 'added':
      return { key: 'added', about: change.users };
    case 'removed':
      return { key: 'removed', about: [change.user] };
    case 'left':
      return { key: 'left', about: [] };
    case 'role':
      return { key: roleKeys[change.role], about: [change.user] };
    case 'named':
      return { key: 'named', about: [], name: change.name };
    case 'described':
      return { key: change.description === '' ? 'undescribed' : 'described', about: [] };
    case 'pictured':
      return { key: change.iconId === null ? 'unpictured' : 'pictured', about: [] };
    case undefined:
      return { key: 'unknown', about: [] };
  }
}

const roleKeys = { owner: 'madeOwner', admin: 'madeAdmin', member: 'dismissed' } as const;

/** A line names at most so many people, and counts the rest. */
export const mostNamed = 4;
