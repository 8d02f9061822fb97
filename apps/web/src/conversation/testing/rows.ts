import { encodeContent, type TextContent } from '@tidings/api/content';
import { type ConversationId, clientId, deviceId, groupId, seq, type UserId, userId } from '@tidings/api/ids';
import type { LocalEntry, OutboxItem } from '@tidings/client/local-store';
import type { MessageRow } from '../../engine/message-rows';

const conversation: ConversationId = groupId('a-test-group');
const device = deviceId('a-device-of-somebody');

type EntryRow = Extract<MessageRow, { type: 'entry' }>;
type OutboxRow = Extract<MessageRow, { type: 'outbox' }>;

export function entryRow(
  entry: { seq: number; sender?: UserId; text?: string; sentAt?: number } & Partial<
    Omit<LocalEntry, 'seq' | 'sender' | 'sentAt'>
  >,
): EntryRow {
  const {
    seq: at,
    sender = userId('somebody'),
    text = `message ${entry.seq}`,
    sentAt = at * 1_000,
    ...rest
  } = entry;
  const content: TextContent = { type: 'text', text };
  return {
    type: 'entry',
    key: `seq ${at}`,
    seq: seq(at),
    waiting: null,
    entry: {
      conversationId: conversation,
      seq: seq(at),
      kind: 'message',
      sender,
      device,
      clientId: clientId(`client-${at}-x`),
      sentAt,
      content: encodeContent(content),
      visible: 1,
      send: '',
      ...rest,
    },
  };
}

export function outboxRow(item: Partial<OutboxItem> = {}): OutboxRow {
  const id = clientId('a-client-id');
  return {
    type: 'outbox',
    key: `send ${id}`,
    seq: null,
    item: {
      clientId: id,
      conversationId: conversation,
      kind: 'message',
      content: encodeContent({ type: 'text', text: 'waiting' }),
      createdAt: 1_000,
      state: { type: 'waiting' },
      ...item,
    },
  };
}
