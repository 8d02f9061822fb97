import { z } from 'zod';
import { timestampSchema } from './id-schemas.ts';
import { type Caller, router, signedIn } from './trpc.ts';

export const inviteSchema = z.object({
  code: z.string(),
  expiresAt: timestampSchema,
  usesLeft: z.number().int(),
});
export type Invite = z.infer<typeof inviteSchema>;

export interface InviteApi {
  /** Valid for 7 days. At most 20 open ones a user: `too-many-requests` beyond. */
  create(caller: Caller, uses: number): Promise<Invite>;
  list(caller: Caller): Promise<readonly Invite[]>;
  revoke(caller: Caller, code: string): Promise<void>;
}

export const inviteRouter = router({
  create: signedIn
    .input(z.object({ uses: z.number().int().min(1).max(100).default(1) }))
    .mutation(({ ctx, input }) => ctx.services.invites.create(ctx.caller, input.uses)),
  list: signedIn.query(({ ctx }) => ctx.services.invites.list(ctx.caller)),
  revoke: signedIn
    .input(z.object({ code: z.string().max(64) }))
    .mutation(({ ctx, input }) => ctx.services.invites.revoke(ctx.caller, input.code)),
});
