import { type AccountItem, isClientItem } from '@tidings/api/account';
import type { Entry } from '@tidings/api/entry';
import { accountId, type ConversationId, type DeviceId, seq, type UserId } from '@tidings/api/ids';
import type { LocalConversation, LocalEntry, OutboxItem } from '@tidings/client/local-store';
import type { MemoryStore } from '@tidings/client/memory-store';
import type { ConversationView, DeviceView, Row } from '../invariants/history.ts';

/** What a device shows: read from its disk, as its views do. */
export async function viewOf(
  { user, device, disk }: { user: UserId; device: DeviceId; disk: { memory: MemoryStore } },
  logs: ReadonlyMap<ConversationId, readonly Entry[]>,
): Promise<DeviceView> {
  const { memory } = disk;
  const rows = await memory.conversations();
  const outbox = await memory.outbox();
  return {
    user,
    device,
    conversations: await Promise.all(rows.map((row) => conversationView(memory, row, outbox))),
    items: await itemsOf(memory, logs.get(accountId(user)) ?? []),
  };
}

export async function conversationView(
  memory: MemoryStore,
  row: LocalConversation,
  outbox: readonly OutboxItem[],
): Promise<ConversationView> {
  const { conversationId, head, delivered, read, unread, ranges, othersDelivered, othersRead } = row;
  const entries = await memory.entries(conversationId, seq(0), seq(1_000_000), 'oldest', 1_000_000);
  return {
    conversationId,
    head,
    delivered,
    read,
    others: { delivered: othersDelivered, read: othersRead },
    unread,
    ranges,
    rows: entries.filter((entry) => entry.visible === 1 || isHiddenLine(entry)).map(rowOf),
    waiting: outbox
      .filter((item) => item.conversationId === conversationId && item.state.type !== 'failed')
      .map((item) => item.clientId),
  };
}

const rowOf = (entry: LocalEntry): Row => ({
  seq: entry.seq,
  sender: entry.sender,
  device: entry.device ?? '',
  clientId: entry.clientId ?? '',
  content: entry.deleted ? '' : entry.content,
  deleted: entry.deleted === true,
  ...(entry.hidden ? { hidden: true } : {}),
  reactions: entry.reactions ?? {},
});

/** The values of all keys that anybody ever put. */
async function itemsOf(memory: MemoryStore, log: readonly Entry[]): Promise<AccountItem[]> {
  const items = log
    .filter((entry) => entry.kind === 'account')
    .map((entry) => JSON.parse(entry.content) as AccountItem);
  const keys = [...new Set(items.filter(isClientItem).map((item) => item.key))];
  const values = await memory.items(keys);
  return keys.map((key, index) => ({ key, value: values[index] ?? null }));
}

const isHiddenLine = (entry: LocalEntry): boolean =>
  entry.hidden === true && (entry.kind === 'message' || entry.kind === 'change') && !entry.duplicate;
