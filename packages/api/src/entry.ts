import type { z } from 'zod';
import type { entrySchema } from './entry-schema.ts';

/** Bytes of UTF-8 in a `content`: 64 KiB of text and room for what surrounds it. */
export const maxContentBytes = 96 * 1024;
/** Bytes of UTF-8 in the text that a person types. */
export const maxTextBytes = 64 * 1024;

/**
 * An entry of a log, as stored, pushed and read. The server never looks into `content`.
 *
 * - `message`  what people say; the only kind that counts as unread
 * - `edit`     new content for the message at `target`
 * - `delete`   the message at `target` is gone for everyone; its content is erased in the store
 * - `reaction` content is an emoji, or empty to take the reaction back; `target` is the message
 * - `change`   a line about the group itself, written by the server (see `content.ts`)
 * - `account`  a `{key, value}` of the user's own log, written by the server (see `account.ts`)
 * - `call`     reserved
 * - `void`     a sealed position: shows as nothing
 *
 * A client shows a kind that it doesn't know as "not supported by this version" when it has no `target`,
 * and as nothing when it has one.
 */
export type Entry = z.infer<typeof entrySchema>;

/** True for entries that count as unread for `reader`. */
export const countsFor = (entry: Pick<Entry, 'kind' | 'sender' | 'deleted'>, reader: string): boolean =>
  entry.kind === 'message' && entry.sender !== reader && !entry.deleted;

/** Names one send; two entries with the same key are the same message sent twice. `null` where there is none. */
export const sendKey = (entry: Pick<Entry, 'sender' | 'device' | 'clientId'>): string | null =>
  entry.clientId === undefined ? null : `${entry.sender}/${entry.device ?? ''}/${entry.clientId}`;
