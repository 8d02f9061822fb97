import { encodeContent } from '@tidings/api/content';
import { groupId, seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { expect, test } from 'vitest';
import type { LocalReads } from '@/engine/device-store';
import { conversation, entry } from '@/engine/testing/seed';
import { searchChats } from './search-messages';

const book = { ...conversation([[1, 2_000]]), conversationId: groupId('book-club') };
const boat = { ...conversation([[1, 3]]), conversationId: groupId('boat-crew') };

/** Every hundredth message says "tide". */
const reads: Pick<LocalReads, 'lines'> = {
  lines: async (conversationId, first, last, _from, limit) => {
    const low = Math.max(first, last - limit + 1);
    return Array.from({ length: last - low + 1 }, (_, index) => {
      const at = low + index;
      const text = at % 100 === 0 ? `the tide ${at}` : `message ${at}`;
      return entry(at, { conversationId, content: encodeContent({ type: 'text', text }) });
    });
  },
};

async function found(query: string, chats: readonly LocalConversation[]): Promise<string[]> {
  const hits: string[] = [];
  for await (const some of searchChats(reads, chats, query)) {
    hits.push(...some.map(({ chat, hit }) => `${chat.conversationId} ${hit.entry.seq}`));
  }
  return hits;
}

test('of each chat the newest few that fit are found', async () => {
  const hits = await found('tide', [book]);
  expect(hits).toEqual([2_000, 1_900, 1_800, 1_700, 1_600].map((at) => `group:book-club ${at}`));
});

test('no chat takes the place of the others', async () => {
  expect(await found('message', [book, boat])).toHaveLength(5 + 3);
});

test('what was cleared isn’t found', async () => {
  expect(await found('tide', [{ ...book, clearedSeq: seq(1_950) }])).toEqual(['group:book-club 2000']);
});
