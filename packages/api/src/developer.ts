import { z } from 'zod';
import { type NewBot, newBotSchema, scopeSchema, scopes } from './fields.ts';
import { timestampSchema, userIdSchema } from './id-schemas.ts';
import { type Caller, router, signedIn } from './trpc.ts';
import { profileSchema } from './user.ts';

export const botSchema = profileSchema.extend({ createdAt: timestampSchema });
export type Bot = z.infer<typeof botSchema>;

export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  botId: userIdSchema,
  scopes: z.array(scopeSchema),
  /** Its first characters. */
  hint: z.string(),
  createdAt: timestampSchema,
  lastUsedAt: timestampSchema.nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

export const newApiKeySchema = z.object({
  botId: userIdSchema,
  name: z.string().trim().min(1).max(60),
  scopes: z
    .array(scopeSchema)
    .min(1)
    .max(scopes.length)
    .transform((wanted) => [...new Set(wanted)]),
});
export type NewApiKey = z.infer<typeof newApiKeySchema>;

/** The programs of a user: bots, and the keys that let somebody act as them (BOT1). */
export interface DeveloperApi {
  bots(caller: Caller): Promise<readonly Bot[]>;
  /** At most 20 a user: `too-many-requests` beyond. `username-taken` when it is. */
  createBot(caller: Caller, bot: NewBot): Promise<Bot>;
  /** Those that work, newest first. */
  keys(caller: Caller): Promise<readonly ApiKey[]>;
  /** `secret` is told now and never again. At most 50 a user; `not-found` when the bot isn't the caller's. */
  createKey(caller: Caller, key: NewApiKey): Promise<{ readonly key: ApiKey; readonly secret: string }>;
  /** It works no more from the answer on. `not-found` when it isn't the caller's. */
  revokeKey(caller: Caller, id: string): Promise<void>;
}

export const developerRouter = router({
  bots: signedIn.query(({ ctx }) => ctx.services.developer.bots(ctx.caller)),
  createBot: signedIn
    .input(newBotSchema)
    .mutation(({ ctx, input }) => ctx.services.developer.createBot(ctx.caller, input)),
  keys: signedIn.query(({ ctx }) => ctx.services.developer.keys(ctx.caller)),
  createKey: signedIn
    .input(newApiKeySchema)
    .mutation(({ ctx, input }) => ctx.services.developer.createKey(ctx.caller, input)),
  revokeKey: signedIn
    .input(z.object({ id: z.string().max(64) }))
    .mutation(({ ctx, input }) => ctx.services.developer.revokeKey(ctx.caller, input.id)),
});
