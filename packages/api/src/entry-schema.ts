import { z } from 'zod';
import {
  clientIdSchema,
  conversationIdSchema,
  deviceIdSchema,
  seqSchema,
  timestampSchema,
  userIdSchema,
} from './id-schemas.ts';

/** An entry on the wire: see `entry.ts`. */
export const entrySchema = z.object({
  conversationId: conversationIdSchema,
  seq: seqSchema,
  kind: z.string().min(1).max(16),
  sender: userIdSchema,
  /** The sending device, so that it knows its own; absent where the server wrote. */
  device: deviceIdSchema.optional(),
  /** Absent on voids. (sender, device, clientId) names one send: of several entries the first counts. */
  clientId: clientIdSchema.optional(),
  /** When the server accepted it. Order is by seq, never by this. */
  sentAt: timestampSchema,
  /** Position of the message that an edit, delete or reaction is about. */
  target: seqSchema.optional(),
  content: z.string(),
  /** The content was erased by a deletion for everyone. */
  deleted: z.literal(true).optional(),
});
