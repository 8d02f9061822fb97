import { secureId } from '@tidings/api/clock';
import { encodeContent } from '@tidings/api/content';
import type { Entry } from '@tidings/api/entry';
import { type ConversationId, clientId, deviceId, seq, type UserId } from '@tidings/api/ids';

/** The first `count` entries of a conversation, all from one device of the sender. */
export function history(conversationId: ConversationId, sender: UserId, count: number): readonly Entry[] {
  const device = deviceId(secureId());
  return Array.from({ length: count }, (_, index) => ({
    conversationId,
    seq: seq(index + 1),
    kind: 'message',
    sender,
    device,
    clientId: clientId(secureId()),
    sentAt: Date.now() - (count - index),
    content: encodeContent({
      type: 'text',
      text: `Message ${index + 1}: the quick brown fox jumps over the lazy dog.`,
    }),
  }));
}
