import { secureId } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import {
  type ConversationId,
  clientId,
  deviceId,
  directId,
  groupId,
  type Seq,
  seq,
  type UserId,
  userId,
} from '@tidings/api/ids';

/** Ids that no other test has, so that a suite runs on a store that others use too. */
export const someUser = (): UserId => userId(secureId());
export const someGroup = (): ConversationId => groupId(secureId());
export const someChat = (): ConversationId => directId(someUser(), someUser());

/** A message as people send it; `with` changes what a test is about. */
export function entryAt(
  conversationId: ConversationId,
  position: number,
  having: Partial<Entry> = {},
): Entry {
  return {
    conversationId,
    seq: seq(position),
    kind: 'message',
    sender: userId('sender-of-tests'),
    device: deviceId('device-of-all-tests'),
    clientId: clientId(secureId()),
    sentAt: 1_700_000_000_000 + position,
    content: `content of ${position}`,
    ...having,
  };
}

export const entriesAt = (conversation: ConversationId, ...positions: number[]): Entry[] =>
  positions.map((position) => entryAt(conversation, position));

export const positions = (entries: readonly { readonly seq: Seq }[]): number[] =>
  entries.map((entry) => entry.seq);

/** Consecutive numbers, both included. */
export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
