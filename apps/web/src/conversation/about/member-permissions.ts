import type { GroupRole } from '@tidings/api/content';

/** What one of this role may do about a member of that role: as the server decides it. */
export function memberPermissions(own: GroupRole, theirs: GroupRole) {
  const owner = own === 'owner';
  const admin = owner || own === 'admin';
  return {
    makeAdmin: admin && theirs === 'member',
    dismiss: owner && theirs === 'admin',
    makeOwner: owner && theirs !== 'owner',
    remove: theirs === 'member' ? admin : owner && theirs === 'admin',
  };
}
