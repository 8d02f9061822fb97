import { z } from 'zod';
import type { Presence } from './events.ts';
import { conversationIdSchema, userIdSchema } from './id-schemas.ts';
import type { ConversationId, UserId } from './ids.ts';
import { type Caller, router, signedIn } from './trpc.ts';

/**
 * What a user does; the only thing that moves last seen. A socket's coming and going never does: `still` says on a new connection
 * that the app is open as before, which shows the user as online and moves nothing.
 */
export const userActSchema = z.enum(['open', 'act', 'close', 'still']);
export type UserAct = z.infer<typeof userActSchema>;

export interface PresenceApi {
  /**
   * What this device has on its screen, replacing what it named before: from now on it hears of these users' presence
   * and of typing in this conversation, at most once per user and 2 s. Answers the present states. Dies with the connection.
   */
  watch(caller: Caller, connection: object | undefined, watched: Watched): Promise<readonly Presence[]>;
  act(caller: Caller, connection: object | undefined, act: UserAct): Promise<void>;
  /** Typing lasts 6 s unless said again; `false` ends it. Members only. */
  typing(caller: Caller, conversationId: ConversationId, typing: boolean): Promise<void>;
}

export const watchedSchema = z.object({
  userIds: z.array(userIdSchema).max(200),
  conversationIds: z.array(conversationIdSchema).max(50),
});
export type Watched = {
  readonly userIds: readonly UserId[];
  readonly conversationIds: readonly ConversationId[];
};

export const presenceRouter = router({
  watch: signedIn
    .input(watchedSchema)
    .mutation(({ ctx, input }) => ctx.services.presence.watch(ctx.caller, ctx.connection, input)),
  act: signedIn
    .input(z.object({ act: userActSchema }))
    .mutation(({ ctx, input }) => ctx.services.presence.act(ctx.caller, ctx.connection, input.act)),
  typing: signedIn
    .input(z.object({ conversationId: conversationIdSchema, typing: z.boolean() }))
    .mutation(({ ctx, input }) =>
      ctx.services.presence.typing(ctx.caller, input.conversationId, input.typing),
    ),
});
