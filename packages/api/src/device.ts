import { z } from 'zod';
import { deviceIdSchema, sessionIdSchema, timestampSchema } from './id-schemas.ts';
import type { SessionId } from './ids.ts';
import { type Caller, router, signedIn } from './trpc.ts';

/** One signed-in session, as Settings → Devices lists it. */
export const deviceSchema = z.object({
  sessionId: sessionIdSchema,
  deviceId: deviceIdSchema.nullable(),
  name: z.string(),
  /** The one that asks. */
  current: z.boolean(),
  signedInAt: timestampSchema,
  lastUsedAt: timestampSchema,
  connected: z.boolean(),
});
export type Device = z.infer<typeof deviceSchema>;

export interface DeviceApi {
  list(caller: Caller): Promise<readonly Device[]>;
  /** Ends a session of the caller's; its sockets close within a second. An unknown one is `not-found`. */
  revoke(caller: Caller, session: SessionId): Promise<void>;
  /** Ends all of the caller's sessions but this one. */
  revokeOthers(caller: Caller): Promise<void>;
  rename(caller: Caller, session: SessionId, name: string): Promise<void>;
}

export const deviceRouter = router({
  list: signedIn.query(({ ctx }) => ctx.services.devices.list(ctx.caller)),
  revoke: signedIn
    .input(z.object({ sessionId: sessionIdSchema }))
    .mutation(({ ctx, input }) => ctx.services.devices.revoke(ctx.caller, input.sessionId)),
  revokeOthers: signedIn.mutation(({ ctx }) => ctx.services.devices.revokeOthers(ctx.caller)),
  rename: signedIn
    .input(z.object({ sessionId: sessionIdSchema, name: z.string().trim().min(1).max(60) }))
    .mutation(({ ctx, input }) => ctx.services.devices.rename(ctx.caller, input.sessionId, input.name)),
});
