import { z } from 'zod';
import { conversationIdSchema, seqSchema } from './id-schemas.ts';
import type { ConversationId, Seq, Timestamp, UserId } from './ids.ts';
import { type Caller, router, signedIn } from './trpc.ts';

export const reportReasonSchema = z.enum(['spam', 'abuse', 'illegal', 'other']);
export type ReportReason = z.infer<typeof reportReasonSchema>;

/**
 * A message that is to be shown to the operators. Its content is opaque to the server, so `excerpt` is what the reporter's device says that
 * it reads there: a claim, not evidence.
 */
export const newReportSchema = z.object({
  conversationId: conversationIdSchema,
  seq: seqSchema,
  reason: reportReasonSchema,
  note: z.string().trim().max(500),
  excerpt: z.string().max(2_000),
});
export type NewReport = z.infer<typeof newReportSchema>;

export type ReportState = 'open' | 'resolved' | 'dismissed';

/** As operators see it. */
export type Report = {
  readonly id: string;
  readonly conversationId: ConversationId;
  readonly seq: Seq;
  readonly author: ReportedPerson;
  readonly reporter: ReportedPerson;
  readonly reason: ReportReason;
  readonly note: string;
  readonly excerpt: string;
  readonly at: Timestamp;
  readonly state: ReportState;
};
export type ReportedPerson = {
  readonly userId: UserId;
  readonly username: string;
  readonly displayName: string;
  readonly suspended: boolean;
};

export interface ReportApi {
  /**
   * Once for a message and reporter: again changes nothing. `not-found` unless the caller may read the message (ADM7); `not-allowed` for
   * the caller's own.
   */
  file(caller: Caller, report: NewReport): Promise<void>;
}

export const reportRouter = router({
  file: signedIn
    .input(newReportSchema)
    .mutation(({ ctx, input }) => ctx.services.reports.file(ctx.caller, input)),
});
