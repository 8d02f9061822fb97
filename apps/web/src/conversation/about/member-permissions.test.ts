import { expect, test } from 'vitest';
import { memberPermissions } from './member-permissions';

const may = (own: Parameters<typeof memberPermissions>[0], theirs: Parameters<typeof memberPermissions>[1]) =>
  Object.entries(memberPermissions(own, theirs))
    .filter(([, allowed]) => allowed)
    .map(([name]) => name);

test('the owner does everything but lose themselves', () => {
  expect(may('owner', 'member')).toEqual(['makeAdmin', 'makeOwner', 'remove']);
  expect(may('owner', 'admin')).toEqual(['dismiss', 'makeOwner', 'remove']);
});

test('an admin makes admins and removes members', () => {
  expect(may('admin', 'member')).toEqual(['makeAdmin', 'remove']);
  expect(may('admin', 'admin')).toEqual([]);
  expect(may('admin', 'owner')).toEqual([]);
});

test('a member does nothing', () => {
  expect(may('member', 'member')).toEqual([]);
});
