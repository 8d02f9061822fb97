import { z } from 'zod';
import { deviceIdSchema } from './id-schemas.ts';

/** What a device says when it opens a connection (tRPC connectionParams: strings only). The session is in the cookie. */
export const connectionParamsSchema = z.object({
  protocol: z.coerce.number().int(),
  deviceId: deviceIdSchema,
});
