import { z } from 'zod';
import { aboutSchema, audienceSchema, displayNameSchema } from './fields.ts';
import { pictureIdSchema, userIdSchema } from './id-schemas.ts';
import type { UserId } from './ids.ts';
import { type Caller, router, signedIn } from './trpc.ts';

export const profileSchema = z.object({
  userId: userIdSchema,
  username: z.string(),
  displayName: z.string(),
  about: z.string(),
  avatarId: pictureIdSchema.nullable(),
  bot: z.boolean(),
});
export type Profile = z.infer<typeof profileSchema>;

export const meSchema = profileSchema.extend({
  lastSeenAudience: audienceSchema,
  onlineAudience: audienceSchema,
  /** Off: others don't learn what this user has read, nor this user theirs; groups excepted. */
  readReceipts: z.boolean(),
  operator: z.boolean(),
});
export type Me = z.infer<typeof meSchema>;

export const meUpdateSchema = z
  .object({
    displayName: displayNameSchema,
    about: aboutSchema,
    avatarId: pictureIdSchema.nullable(),
    lastSeenAudience: audienceSchema,
    onlineAudience: audienceSchema,
    readReceipts: z.boolean(),
  })
  .partial();
export type MeUpdate = z.infer<typeof meUpdateSchema>;

export interface UserApi {
  me(caller: Caller): Promise<Me>;
  update(caller: Caller, update: MeUpdate): Promise<Me>;
  /** Profiles of those that exist, in no particular order. */
  profiles(caller: Caller, users: readonly UserId[]): Promise<readonly Profile[]>;
  /** By the beginning of any word of the display name, or of the username; people with shared chats first; at most 20; never oneself. */
  search(caller: Caller, query: string): Promise<readonly Profile[]>;
}

export const userRouter = router({
  me: signedIn.query(({ ctx }) => ctx.services.users.me(ctx.caller)),
  update: signedIn
    .input(meUpdateSchema)
    .mutation(({ ctx, input }) => ctx.services.users.update(ctx.caller, input)),
  profiles: signedIn
    .input(z.object({ userIds: z.array(userIdSchema).min(1).max(200) }))
    .query(({ ctx, input }) => ctx.services.users.profiles(ctx.caller, input.userIds)),
  search: signedIn
    .input(z.object({ query: z.string().trim().max(60) }))
    .query(({ ctx, input }) => ctx.services.users.search(ctx.caller, input.query)),
});
