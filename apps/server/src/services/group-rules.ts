import type { GroupChange, GroupRole } from '@tidings/api/content';
import type { GroupUpdate } from '@tidings/api/conversation';
import { TidingsError } from '@tidings/api/errors';
import { maxGroupMembers } from '@tidings/api/fields';
import type { UserId } from '@tidings/api/ids';
import type { MembershipEffect, MembershipRecord } from '@tidings/db/directory/port';
import type { ConversationView } from './parts.ts';

/**
 * Who may change what of a group, and what a change does: pure functions from the group as it is to the lines that the wish
 * needs. No line: it is as wished already (GRP4). They throw when the actor may not.
 */
export type Line = { readonly change: GroupChange; readonly effects: readonly MembershipEffect[] };

/** The group as it is, and the current member who wants something of it. */
export type Scene = { readonly view: ConversationView; readonly actor: MembershipRecord };

export function updateLines({ view, actor }: Scene, update: GroupUpdate): readonly Line[] {
  requireAdmin(actor);
  const { name, description, iconId } = update;
  const lines: Line[] = [];
  const set = (change: GroupChange, effect: Omit<MembershipEffect & { type: 'set' }, 'type'>) =>
    lines.push({ change, effects: [{ type: 'set', ...effect }] });
  if (name !== undefined && name !== view.record.name) set({ type: 'named', name }, { name });
  if (description !== undefined && description !== view.record.description)
    set({ type: 'described', description }, { description });
  if (iconId !== undefined && iconId !== view.record.iconId) set({ type: 'pictured', iconId }, { iconId });
  return lines;
}

export function addLines({ view, actor }: Scene, users: readonly UserId[]): readonly Line[] {
  requireAdmin(actor);
  const current = new Set(view.current);
  const joining = [...new Set(users)].filter((user) => !current.has(user));
  if (joining.length === 0) return [];
  if (current.size + joining.length > maxGroupMembers) throw new TidingsError('group-full');
  const effects = joining.map((userId): MembershipEffect => ({ type: 'join', userId, role: 'member' }));
  return [{ change: { type: 'added', users: joining }, effects }];
}

export function removeLines(scene: Scene, user: UserId): readonly Line[] {
  requireAdmin(scene.actor);
  const target = currentMember(scene.view, user);
  if (!target) return [];
  if (rank[target.role] >= rank[scene.actor.role]) throw new TidingsError('not-allowed');
  return [{ change: { type: 'removed', user }, effects: [{ type: 'leave', userId: user }] }];
}

export function roleLines({ view, actor }: Scene, user: UserId, role: GroupRole): readonly Line[] {
  requireAdmin(actor);
  const target = currentMember(view, user);
  if (!target) throw new TidingsError('not-found', 'no member');
  if (target.role === role) return [];
  const isOwner = actor.role === 'owner';
  const takesAway = rank[role] < rank[target.role];
  if (target.role === 'owner' || (!isOwner && (takesAway || role === 'owner')))
    throw new TidingsError('not-allowed');
  return [role === 'owner' ? ownershipLine(actor.userId, user) : roleLine(user, role)];
}

/** Ownership goes on first, so that the group has an owner at every position (GRP3). */
export function leaveLines({ view, actor }: Scene): readonly Line[] {
  const left: Line = { change: { type: 'left' }, effects: [{ type: 'leave', userId: actor.userId }] };
  const heir = actor.role === 'owner' ? heirOf(view, actor.userId) : null;
  return heir ? [ownershipLine(actor.userId, heir), left] : [left];
}

/** The longest-serving admin, else the longest-serving member; `null` when nobody else is there. */
function heirOf(view: ConversationView, leaving: UserId): UserId | null {
  const others = view.current
    .filter((user) => user !== leaving)
    .map((user) => view.memberships.get(user) as MembershipRecord)
    .sort((a, b) => rank[b.role] - rank[a.role] || a.joinedAt - b.joinedAt || a.joinedSeq - b.joinedSeq);
  return others[0]?.userId ?? null;
}

const roleLine = (user: UserId, role: GroupRole): Line => ({
  change: { type: 'role', user, role },
  effects: [{ type: 'role', userId: user, role }],
});

const ownershipLine = (from: UserId, to: UserId): Line => ({
  change: { type: 'role', user: to, role: 'owner' },
  effects: [
    { type: 'role', userId: from, role: 'admin' },
    { type: 'role', userId: to, role: 'owner' },
  ],
});

const rank: Record<GroupRole, number> = { member: 0, admin: 1, owner: 2 };

function requireAdmin(actor: MembershipRecord): void {
  if (rank[actor.role] < rank.admin) throw new TidingsError('not-an-admin');
}

/** `null` for strangers and past members. */
export function currentMember(view: ConversationView, user: UserId): MembershipRecord | null {
  const membership = view.memberships.get(user);
  return membership && membership.removedSeq === null ? membership : null;
}
