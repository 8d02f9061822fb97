import { encodeContent } from '@tidings/api/content';
import { sendKey } from '@tidings/api/entry';
import {
  clientId,
  type DeviceId,
  deviceId,
  directId,
  type Seq,
  seq,
  type UserId,
  userId,
} from '@tidings/api/ids';
import type { LocalConversation, LocalEntry, LocalStore, OutboxItem } from '@tidings/client/local-store';

/** A chat with a long history, for the tests of what is shown from it. */
export const anna: UserId = userId('anna-0000');
export const ben: UserId = userId('ben-00000');
export const annasDevice: DeviceId = deviceId('device-anna-00000');
export const chat = directId(anna, ben);
export const self = { userId: anna, deviceId: annasDevice };

export function entry(at: number, changes: Partial<LocalEntry> = {}): LocalEntry {
  const base = {
    conversationId: chat,
    seq: seq(at),
    kind: 'message',
    sender: at % 2 ? anna : ben,
    device: at % 2 ? annasDevice : deviceId('device-ben-000000'),
    clientId: clientId(`client-${at}`),
    sentAt: 1_700_000_000_000 + at * 1_000,
    content: encodeContent({ type: 'text', text: `message ${at}` }),
    ...changes,
  };
  return { visible: 1, ...base, send: sendKey(base) ?? '' };
}

export function conversation(
  ranges: readonly [number, number][],
  changes: Partial<LocalConversation> = {},
): LocalConversation {
  return {
    conversationId: chat,
    kind: 'direct',
    head: seq(ranges.at(-1)?.[1] ?? 0),
    joinedSeq: seq(1),
    removedSeq: null,
    role: 'member',
    ...{ delivered: seq(0), read: seq(0), othersDelivered: seq(0), othersRead: seq(0) },
    headAt: 1,
    group: null,
    peer: ben,
    ranges: ranges.map(([first, last]) => ({ first: seq(first), last: seq(last) })),
    ...{
      unread: 0,
      last: null,
      pinnedAt: null,
      mutedUntil: null,
      archived: false,
      clearedSeq: seq(0),
      draft: null,
    },
    activityAt: 1,
    ...changes,
  };
}

export const waiting = (name: string, changes: Partial<OutboxItem> = {}): OutboxItem => ({
  clientId: clientId(name.padEnd(8, '-')),
  conversationId: chat,
  kind: 'message',
  content: encodeContent({ type: 'text', text: name }),
  createdAt: 5,
  state: { type: 'waiting' },
  ...changes,
});

/** Makes first..last local, as the engine does it: rows and ranges in one transaction. */
export async function hold(
  store: LocalStore,
  ranges: readonly [number, number][],
  changes: Partial<LocalConversation> = {},
): Promise<void> {
  const entries = ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => entry(first + index)),
  );
  await store.apply([
    { type: 'put-entries', entries },
    { type: 'put-conversation', conversation: conversation(ranges, changes) },
  ]);
}

export const seqsOf = (rows: readonly { readonly seq: Seq | null }[]): (number | null)[] =>
  rows.map((row) => row.seq);
