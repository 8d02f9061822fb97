import { z } from 'zod';
import { conversationIdSchema, seqSchema } from './id-schemas.ts';
import { type Caller, router, signedIn } from './trpc.ts';

/** Up to where the caller has (`delivered`) and has seen (`read`) a conversation. Lower than before: no effect. */
export const markSchema = z.object({
  conversationId: conversationIdSchema,
  delivered: seqSchema,
  read: seqSchema,
});
export type Mark = z.infer<typeof markSchema>;

export interface ReceiptApi {
  /**
   * Advances the caller's marks, capped at the head and at the caller's membership; `read` raises `delivered`.
   * Durable when it answers. Told to the others who may know, and to the caller's other devices, once per tick.
   */
  mark(caller: Caller, marks: readonly Mark[]): Promise<void>;
}

export const receiptRouter = router({
  mark: signedIn
    .input(z.object({ marks: z.array(markSchema).min(1).max(200) }))
    .mutation(({ ctx, input }) => ctx.services.receipts.mark(ctx.caller, input.marks)),
});
