import { encodeContent } from '@tidings/api/content';
import { seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { expect, test } from 'vitest';
import { aPicture } from '@/conversation/media/testing/items';
import { type Notice, Notifier } from './notifier';
import { anna, ben, chat, conversation, entry } from './testing/seed';

test('a message that comes while nobody looks is told once, and taken away when it was read', async () => {
  const { notifier, shown, taken } = setUp();
  notifier.chatsChanged([withLine(1)]);
  expect(shown).toEqual([]);
  notifier.chatsChanged([withLine(2)]);
  await settled();
  expect(shown).toEqual([{ conversationId: chat, title: 'Ben', body: 'message 2' }]);
  notifier.chatsChanged([withLine(2, { othersRead: seq(1) })]);
  notifier.chatsChanged([withLine(2, { read: seq(2), unread: 0 })]);
  await settled();
  expect(shown).toHaveLength(1);
  expect(taken).toEqual([chat]);
});

const silent: [string, Partial<LocalConversation>][] = [
  ['an own message from another device', { last: entry(2, { sender: anna }) }],
  ['a muted chat', { mutedUntil: 0 }],
  ['an archived chat', { archived: true }],
  ['a message that another device has read', { read: seq(2), unread: 1 }],
  ['a line about the group', { last: entry(2, { sender: ben, kind: 'change' }) }],
  ['a message that was deleted', { last: entry(2, { sender: ben, deleted: true, content: '' }) }],
];

test.each(silent)('%s is not told', async (_, changes) => {
  const { notifier, shown } = setUp();
  notifier.chatsChanged([withLine(1)]);
  notifier.chatsChanged([withLine(2, changes)]);
  await settled();
  expect(shown).toEqual([]);
});

test('nothing is told while somebody looks, nor later of what came then', async () => {
  const attention = { wanted: false };
  const { notifier, shown } = setUp(attention);
  notifier.chatsChanged([withLine(1)]);
  notifier.chatsChanged([withLine(2)]);
  attention.wanted = true;
  notifier.chatsChanged([withLine(2, { unread: 2 })]);
  notifier.chatsChanged([withLine(3)]);
  await settled();
  expect(shown.map((notice) => notice.body)).toEqual(['message 3']);
});

test('in a group the sender is named, and long or unknown content is put into few words', async () => {
  const group = { name: 'Sailors', description: '', iconId: null, memberCount: 3 };
  const { notifier, shown } = setUp();
  notifier.chatsChanged([withLine(1, { group })]);
  const long = encodeContent({ type: 'text', text: `one\n\ntwo ${'x'.repeat(500)}` });
  notifier.chatsChanged([withLine(2, { group, last: entry(2, { sender: ben, content: long }) })]);
  notifier.chatsChanged([
    withLine(3, { group, last: entry(3, { sender: ben, content: '{"type":"poll"}' }) }),
  ]);
  const photo = encodeContent({ type: 'media', text: '', items: [aPicture()] });
  notifier.chatsChanged([withLine(4, { group, last: entry(4, { sender: ben, content: photo }) })]);
  await settled();
  expect(shown[0]).toMatchObject({ title: 'Sailors', body: expect.stringMatching(/^Ben: one two x+…$/) });
  expect(shown[1]?.body).toBe('Ben: New message');
  expect(shown[2]?.body).toBe('Ben: Photo');
});

function setUp(attention = { wanted: true }) {
  const shown: Notice[] = [];
  const taken: string[] = [];
  const notifier = new Notifier({
    self: anna,
    board: {
      show: (notice) => void shown.push(notice),
      take: (conversationId) => void taken.push(conversationId),
    },
    nameOf: async () => 'Ben',
    wanted: () => attention.wanted,
    wordsFor: async (content) => (content.type === 'media' ? 'Photo' : 'New message'),
    now: () => 1_000,
  });
  return { notifier, shown, taken };
}

const withLine = (at: number, changes: Partial<LocalConversation> = {}): LocalConversation =>
  conversation([[1, at]], { unread: at, last: entry(at, { sender: ben }), ...changes });

const settled = () => new Promise((resolve) => setImmediate(resolve));
