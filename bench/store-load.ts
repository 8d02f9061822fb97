import { secureId } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import {
  type ConversationId,
  clientId,
  deviceId,
  directId,
  type Seq,
  seq,
  type UserId,
  userId,
} from '@tidings/api/ids';
import type { MessageStore } from '@tidings/db/message-store/port';
import type { MarkUpdate, WatermarkStore } from '@tidings/db/watermark-store/port';
import type { Latencies } from './latencies.ts';

/** What a message needs of a profile's stores. */
export type LogStores = { readonly messages: MessageStore; readonly watermarks: WatermarkStore };

export type Chat = { readonly id: ConversationId; readonly a: UserId; readonly b: UserId; head: number };

export function someChat(): Chat {
  const [a, b] = [userId(secureId()), userId(secureId())];
  return { id: directId(a, b), a, b, head: 0 };
}

/** A message, the recipient's mark that it was delivered, and the one that it was read: one after the other, as in life. */
export async function sendOne(
  stores: LogStores,
  chats: readonly Chat[],
  latencies?: Latencies,
): Promise<void> {
  const chat = oneOf(chats);
  const started = performance.now();
  const entry = entryIn(chat);
  await stores.messages.append([entry]);
  latencies?.add(performance.now() - started);
  await stores.watermarks.advance([{ ...markOf(chat.id, chat.b, entry.seq), read: seq(0) }]);
  await stores.watermarks.advance([markOf(chat.id, chat.b, entry.seq)]);
}

export function entryIn(chat: Chat): Entry {
  chat.head += 1;
  return {
    conversationId: chat.id,
    seq: chat.head as Seq,
    kind: 'message',
    sender: chat.a,
    device: deviceId('device-of-the-bench'),
    clientId: clientId(secureId()),
    sentAt: Date.now(),
    content: JSON.stringify({ type: 'text', text: 'x'.repeat(160) }),
  };
}

export function markOf(conversation: ConversationId, user: UserId, position: number): MarkUpdate {
  return { conversation, user, delivered: seq(position), read: seq(position), at: Date.now() };
}

export async function inLanes(lanes: number, count: number, task: () => Promise<void>): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await task();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

export const oneOf = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;
