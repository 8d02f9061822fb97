import { encodeContent, type MediaContent } from '@tidings/api/content';
import { seq } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import type { LocalReads } from '@/engine/device-store';
import { chat, entry } from '@/engine/testing/seed';
import { messagesOf, neighbourOf, rowOf, type Sight } from './media-log';
import { aDocument, aPicture, aVideo } from './testing/items';

const media = (...items: MediaContent['items'][number][]): MediaContent => ({
  type: 'media',
  text: '',
  items,
});
const album = media(aPicture(), aDocument(), aVideo());
const single = media(aPicture());

/** Three hundred lines; a picture at 5, an album at 150, a picture at 290. */
const at = new Map([
  [5, single],
  [150, album],
  [290, single],
]);
const lineAt = (position: number) => {
  const content = at.get(position);
  return entry(position, content ? { content: encodeContent(content) } : {});
};
const reads: Pick<LocalReads, 'lines'> = {
  lines: async (_, first, last, from, limit) => {
    const [low, high] = [Math.max(1, first), Math.min(300, last)];
    const all = Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => lineAt(low + index));
    return from === 'oldest' ? all.slice(0, limit) : all.slice(-limit);
  },
};
const here = { conversation: chat, cleared: seq(0) };
const sight = (position: number, index = 0): Sight => ({
  row: rowOf(lineAt(position)),
  content: at.get(position) as MediaContent,
  index,
});
const neighbour = async (from: Sight, direction: 1 | -1, cleared = 0) => {
  const found = await neighbourOf(reads, { ...here, cleared: seq(cleared) }, from, direction);
  return found && [found.row.seq, found.index];
};

test('the next picture is in the same message as long as there is one, past what is none', async () => {
  expect(await neighbour(sight(150, 0), 1)).toEqual([150, 2]);
  expect(await neighbour(sight(150, 2), -1)).toEqual([150, 0]);
});

test('then in the next message that has one, however far away', async () => {
  expect(await neighbour(sight(150, 2), 1)).toEqual([290, 0]);
  expect(await neighbour(sight(290), -1)).toEqual([150, 2]);
  expect(await neighbour(sight(5), 1)).toEqual([150, 0]);
});

test('at the ends there is none, and what was cleared is none', async () => {
  expect(await neighbour(sight(290), 1)).toBeNull();
  expect(await neighbour(sight(5), -1)).toBeNull();
  expect(await neighbour(sight(150), -1, 5)).toBeNull();
});

test('what is deleted is passed over', async () => {
  const deleted: Pick<LocalReads, 'lines'> = {
    lines: async (...asked) =>
      (await reads.lines(...asked)).map((line) => (line.seq === 290 ? { ...line, deleted: true } : line)),
  };
  expect(await neighbourOf(deleted, here, sight(150, 2), 1)).toBeNull();
});

test('all of a log comes in pages, from either end', async () => {
  for (const direction of [1, -1] as const) {
    const seen: number[] = [];
    for await (const page of messagesOf(reads, chat, { first: 1, last: 300, direction }))
      seen.push(...page.map(({ entry }) => entry.seq));
    expect(seen).toHaveLength(300);
    expect(seen[0]).toBe(direction === 1 ? 1 : 300);
  }
});
