import { z } from 'zod';
import { type GroupRole, groupRoles } from './content.ts';
import { groupDescriptionSchema, groupNameSchema, maxGroupMembers } from './fields.ts';
import {
  clientIdSchema,
  conversationIdSchema,
  pictureIdSchema,
  seqSchema,
  userIdSchema,
} from './id-schemas.ts';
import type { ConversationId, UserId } from './ids.ts';
import type { Head } from './sync.ts';
import { type Caller, router, signedIn } from './trpc.ts';

export const memberSchema = z.object({
  userId: userIdSchema,
  role: z.enum(groupRoles),
  joinedSeq: seqSchema,
});
export type Member = z.infer<typeof memberSchema>;

export const membersPageSchema = z.object({
  members: z.array(memberSchema),
  next: z.string().optional(),
  total: z.number().int(),
});
export type MembersPage = z.infer<typeof membersPageSchema>;

export const groupCreateSchema = z.object({
  /** The same id twice makes one group: a retry is safe. */
  clientId: clientIdSchema,
  name: groupNameSchema,
  description: groupDescriptionSchema.default(''),
  members: z.array(userIdSchema).max(maxGroupMembers - 1),
});
export type GroupCreate = z.infer<typeof groupCreateSchema>;

export const groupUpdateSchema = z.object({
  conversationId: conversationIdSchema,
  name: groupNameSchema.optional(),
  description: groupDescriptionSchema.optional(),
  iconId: pictureIdSchema.nullable().optional(),
});
export type GroupUpdate = z.infer<typeof groupUpdateSchema>;

/**
 * Who is in a conversation. Every change of a group is an entry of its log and done when the call answers; calling again
 * with the same wish is no error and writes no second line.
 */
export interface ConversationApi {
  /** The direct conversation with a user, made when there is none. `not-found` for an unknown user or oneself. */
  open(caller: Caller, user: UserId): Promise<Head>;
  /** Current members, owner and admins first, then by name; 200 a page. Members only. */
  members(caller: Caller, conversationId: ConversationId, cursor?: string): Promise<MembersPage>;
}

export interface GroupApi {
  create(caller: Caller, group: GroupCreate): Promise<Head>;
  /** Name, description, icon: admins and the owner. */
  update(caller: Caller, update: GroupUpdate): Promise<void>;
  /** Admins and the owner. `group-full` beyond 1,024, `not-found` when a user is unknown: then nobody is added. */
  add(caller: Caller, conversationId: ConversationId, users: readonly UserId[]): Promise<void>;
  /** Admins remove members; the owner removes anybody but themselves. */
  remove(caller: Caller, conversationId: ConversationId, user: UserId): Promise<void>;
  /** The owner makes and unmakes admins; admins make admins. Giving `owner` passes ownership on, and only the owner may. */
  setRole(caller: Caller, conversationId: ConversationId, user: UserId, role: GroupRole): Promise<void>;
  /** A leaving owner passes ownership to the longest-serving admin, else member. */
  leave(caller: Caller, conversationId: ConversationId): Promise<void>;
}

const one = z.object({ conversationId: conversationIdSchema });
const member = one.extend({ userId: userIdSchema });

export const conversationRouter = router({
  open: signedIn
    .input(z.object({ userId: userIdSchema }))
    .mutation(({ ctx, input }) => ctx.services.conversations.open(ctx.caller, input.userId)),
  members: signedIn
    .input(one.extend({ cursor: z.string().max(200).optional() }))
    .query(({ ctx, input }) =>
      ctx.services.conversations.members(ctx.caller, input.conversationId, input.cursor),
    ),
});

export const groupRouter = router({
  create: signedIn
    .input(groupCreateSchema)
    .mutation(({ ctx, input }) => ctx.services.groups.create(ctx.caller, input)),
  update: signedIn
    .input(groupUpdateSchema)
    .mutation(({ ctx, input }) => ctx.services.groups.update(ctx.caller, input)),
  add: signedIn
    .input(one.extend({ userIds: z.array(userIdSchema).min(1).max(maxGroupMembers) }))
    .mutation(({ ctx, input }) => ctx.services.groups.add(ctx.caller, input.conversationId, input.userIds)),
  remove: signedIn
    .input(member)
    .mutation(({ ctx, input }) => ctx.services.groups.remove(ctx.caller, input.conversationId, input.userId)),
  setRole: signedIn
    .input(member.extend({ role: z.enum(groupRoles) }))
    .mutation(({ ctx, input }) =>
      ctx.services.groups.setRole(ctx.caller, input.conversationId, input.userId, input.role),
    ),
  leave: signedIn
    .input(one)
    .mutation(({ ctx, input }) => ctx.services.groups.leave(ctx.caller, input.conversationId)),
});
