import { z } from 'zod';
import { type ConversationId, idPatterns, isConversationId, maxSeq } from './ids.ts';

/** The ids of `ids.ts` as schemas, for what comes over the wire. */
export const userIdSchema = z.string().regex(idPatterns.user).brand('UserId');
export const deviceIdSchema = z.string().regex(idPatterns.device).brand('DeviceId');
export const sessionIdSchema = z.string().regex(idPatterns.session).brand('SessionId');
export const clientIdSchema = z.string().regex(idPatterns.client).brand('ClientId');
export const pictureIdSchema = z.string().regex(idPatterns.picture).brand('PictureId');
export const assetIdSchema = z.string().regex(idPatterns.asset).brand('AssetId');
export const conversationIdSchema = z
  .string()
  .max(160)
  .refine((value): value is ConversationId => isConversationId(value), 'not a conversation id')
  .brand('ConversationId');
export const seqSchema = z.number().int().min(0).max(maxSeq).brand('Seq');
export const timestampSchema = z.number().int().min(0);
