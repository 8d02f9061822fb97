import type { Entry } from '@tidings/api/entry';
import { type ConversationId, seq } from '@tidings/api/ids';
import { types } from 'cassandra-driver';
import type { Row } from '../cassandra/session.ts';

/** The columns of a cell that {@link toEntry} reads. */
export const entryColumns = 'seq, kind, sender, device, client_id, sent_at, target, content, deleted';

export function toEntry(conversationId: ConversationId, row: Row): Entry {
  return {
    conversationId,
    seq: seq(row.seq.toNumber()),
    kind: row.kind,
    sender: row.sender,
    ...(row.device === null ? {} : { device: row.device }),
    ...(row.client_id === null ? {} : { clientId: row.client_id }),
    sentAt: row.sent_at.toNumber(),
    ...(row.target === null ? {} : { target: seq(row.target.toNumber()) }),
    content: row.content,
    ...(row.deleted ? { deleted: true as const } : {}),
  };
}

/** What is absent isn't written at all: a null would be a tombstone. */
export const given = <T>(value: T | undefined): T | typeof types.unset => value ?? types.unset;
