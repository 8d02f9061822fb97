import { seq, userId } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { entryRow, outboxRow } from '../testing/rows';
import { permissionsOf } from './permissions';

const self = userId('self-user');
const other = userId('ada-lovelace');
const member = { removedSeq: null, kind: 'group', role: 'member' } as const;
const admin = { ...member, role: 'admin' } as const;
const direct = { removedSeq: null, kind: 'direct', role: 'member' } as const;
const allowed = (permissions: ReturnType<typeof permissionsOf>) =>
  Object.entries(permissions)
    .filter(([, may]) => may)
    .map(([name]) => name);

const own = entryRow({ seq: 1, sender: self });
const theirs = entryRow({ seq: 2, sender: other });

test('SEND7 the own message may be edited and deleted for everyone', () => {
  expect(allowed(permissionsOf(own, direct, self))).toEqual([
    'reply',
    'forward',
    'react',
    'edit',
    'deleteForAll',
    'deleteForSelf',
    'star',
    'info',
    'copy',
  ]);
});

test('SEND7 another’s message is deleted for everyone by an admin of the group only', () => {
  expect(permissionsOf(theirs, member, self)).toMatchObject({
    edit: false,
    deleteForAll: false,
    info: false,
    react: true,
  });
  expect(permissionsOf(theirs, admin, self)).toMatchObject({ edit: false, deleteForAll: true });
  expect(permissionsOf(theirs, { ...direct, role: 'owner' }, self).deleteForAll).toBe(false);
});

test('SEND5 who was removed may only keep, copy and pass on what they have', () => {
  expect(allowed(permissionsOf(own, { ...member, removedSeq: seq(9) }, self))).toEqual([
    'forward',
    'deleteForSelf',
    'star',
    'copy',
  ]);
});

test('a deleted message can only be taken off one’s own list', () => {
  const gone = entryRow({ seq: 1, sender: self, content: '', deleted: true });
  expect(allowed(permissionsOf(gone, admin, self))).toEqual(['deleteForSelf']);
});

test('what waits can be copied, what failed tried again', () => {
  expect(allowed(permissionsOf(outboxRow(), direct, self))).toEqual(['forward', 'copy']);
  const failed = outboxRow({ state: { type: 'failed', code: 'expired' } });
  expect(permissionsOf(failed, direct, self).retry).toBe(true);
});

test('content of another version can be answered, not copied or edited', () => {
  const unknown = entryRow({ seq: 1, sender: self, content: '{"type":"poll","fallback":"A poll"}' });
  expect(permissionsOf(unknown, direct, self)).toMatchObject({
    reply: true,
    copy: false,
    edit: false,
    forward: false,
  });
});
