import type { GroupRole } from '@tidings/api/content';
import { groupId, seq, type UserId, userId } from '@tidings/api/ids';
import type { MembershipRecord } from '@tidings/db/directory/port';
import { describe, expect, test } from 'vitest';
import { addLines, leaveLines, removeLines, roleLines, type Scene, updateLines } from './group-rules.ts';
import type { ConversationView } from './parts.ts';

const conversationId = groupId('group-of-the-tests');
const id = (name: string): UserId => userId(`user-${name}`);
type Role = GroupRole | 'past';

/** A group of these people; they joined in the order given. */
function group(people: Record<string, Role>): ConversationView {
  const members = Object.entries(people).map(
    ([name, role], index): MembershipRecord => ({
      conversationId,
      userId: id(name),
      role: role === 'past' ? 'member' : role,
      joinedSeq: seq(index + 1),
      removedSeq: role === 'past' ? seq(50) : null,
      joinedAt: index,
    }),
  );
  const record = {
    id: conversationId,
    name: 'Hikers',
    description: '',
    iconId: null,
    createdAt: 0,
    createdBy: id('olga'),
    version: 1,
    members,
  };
  const current = members.filter(({ removedSeq }) => removedSeq === null).map((member) => member.userId);
  return { record, memberships: new Map(members.map((member) => [member.userId, member])), current };
}

const people = {
  olga: 'owner',
  adam: 'admin',
  ada: 'admin',
  mia: 'member',
  max: 'member',
  paul: 'past',
} as const;
const as = (name: string, view = group(people)): Scene => ({
  view,
  actor: view.memberships.get(id(name)) as MembershipRecord,
});

type Outcome = 'a line' | 'nothing' | 'not-an-admin' | 'not-allowed' | 'not-found' | 'group-full';

function outcome(wish: () => readonly unknown[]): Outcome {
  try {
    return wish().length === 0 ? 'nothing' : 'a line';
  } catch (error) {
    return (error as { code: Outcome }).code;
  }
}

describe('who may remove whom', () => {
  test.each<[string, string, Outcome]>([
    ['olga', 'adam', 'a line'],
    ['olga', 'mia', 'a line'],
    ['olga', 'olga', 'not-allowed'],
    ['adam', 'mia', 'a line'],
    ['adam', 'ada', 'not-allowed'],
    ['adam', 'adam', 'not-allowed'],
    ['adam', 'olga', 'not-allowed'],
    ['mia', 'max', 'not-an-admin'],
    ['mia', 'mia', 'not-an-admin'],
    ['olga', 'paul', 'nothing'],
    ['olga', 'stranger', 'nothing'],
  ])('%s removes %s: %s', (actor, target, expected) => {
    expect(outcome(() => removeLines(as(actor), id(target)))).toBe(expected);
  });
});

describe('who may give which role', () => {
  test.each<[string, string, GroupRole, Outcome]>([
    ['olga', 'mia', 'admin', 'a line'],
    ['olga', 'adam', 'member', 'a line'],
    ['olga', 'mia', 'owner', 'a line'],
    ['olga', 'adam', 'admin', 'nothing'],
    ['olga', 'olga', 'owner', 'nothing'],
    ['olga', 'olga', 'member', 'not-allowed'],
    ['olga', 'paul', 'admin', 'not-found'],
    ['adam', 'mia', 'admin', 'a line'],
    ['adam', 'ada', 'member', 'not-allowed'],
    ['adam', 'adam', 'member', 'not-allowed'],
    ['adam', 'mia', 'owner', 'not-allowed'],
    ['adam', 'olga', 'admin', 'not-allowed'],
    ['adam', 'olga', 'owner', 'nothing'],
    ['mia', 'max', 'admin', 'not-an-admin'],
  ])('%s makes %s %s: %s', (actor, target, role, expected) => {
    expect(outcome(() => roleLines(as(actor), id(target), role))).toBe(expected);
  });

  test('GRP3 ownership passes from one to the other in one change', () => {
    const [line] = roleLines(as('olga'), id('mia'), 'owner');
    expect(line).toEqual({
      change: { type: 'role', user: id('mia'), role: 'owner' },
      effects: [
        { type: 'role', userId: id('olga'), role: 'admin' },
        { type: 'role', userId: id('mia'), role: 'owner' },
      ],
    });
  });
});

describe('leaving', () => {
  const left = (name: string) => ({
    change: { type: 'left' },
    effects: [{ type: 'leave', userId: id(name) }],
  });
  const heirOf = (view: ConversationView) => leaveLines(as('olga', view))[0]?.change;

  test('a member just leaves', () => {
    expect(leaveLines(as('mia'))).toEqual([left('mia')]);
  });

  test('GRP3 a leaving owner passes ownership first: to the longest-serving admin, else member', () => {
    expect(leaveLines(as('olga'))).toEqual([
      expect.objectContaining({ change: { type: 'role', user: id('adam'), role: 'owner' } }),
      left('olga'),
    ]);
    expect(heirOf(group({ max: 'member', olga: 'owner', ada: 'admin' }))).toMatchObject({ user: id('ada') });
    expect(heirOf(group({ paul: 'past', olga: 'owner', mia: 'member', max: 'member' }))).toMatchObject({
      user: id('mia'),
    });
  });

  test('the last one leaves the group to nobody', () => {
    expect(leaveLines(as('olga', group({ olga: 'owner', paul: 'past' })))).toEqual([left('olga')]);
  });
});

describe('adding', () => {
  const crowd = (count: number) =>
    group(
      Object.fromEntries([
        ['olga', 'owner'],
        ...Array.from({ length: count - 1 }, (_, index) => [`m${1000 + index}`, 'member']),
      ]),
    );
  const newcomers = (count: number) => Array.from({ length: count }, (_, index) => id(`n${1000 + index}`));

  test('GRP4 who is there already is not added again; past members are', () => {
    expect(addLines(as('adam'), [id('mia'), id('olga')])).toEqual([]);
    const [line] = addLines(as('adam'), [id('mia'), id('paul'), id('new1'), id('new1')]);
    expect(line?.change).toEqual({ type: 'added', users: [id('paul'), id('new1')] });
  });

  test('GRP3 a group is full at 1,024', () => {
    expect(outcome(() => addLines(as('olga', crowd(1_020)), newcomers(4)))).toBe('a line');
    expect(outcome(() => addLines(as('olga', crowd(1_020)), newcomers(5)))).toBe('group-full');
    expect(outcome(() => addLines(as('olga', crowd(1_024)), [id('m1000')]))).toBe('nothing');
  });

  test('members may not', () => {
    expect(outcome(() => addLines(as('mia'), newcomers(1)))).toBe('not-an-admin');
  });
});

describe('updating', () => {
  test('GRP4 a line for each thing that changes, none for what is so already', () => {
    const update = { conversationId, name: 'Hikers', description: 'New', iconId: null };
    expect(updateLines(as('adam'), update)).toEqual([
      { change: { type: 'described', description: 'New' }, effects: [{ type: 'set', description: 'New' }] },
    ]);
    expect(outcome(() => updateLines(as('mia'), update))).toBe('not-an-admin');
  });
});
