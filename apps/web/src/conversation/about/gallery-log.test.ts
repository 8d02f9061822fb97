import { type Seq, seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { expect, test } from 'vitest';
import { chat, conversation, entry } from '@/engine/testing/seed';
import { GalleryLog, type GallerySources } from './gallery-log';

/** A device that holds some of 500 lines, and gets 100 more whenever it asks. */
function device(changes: Partial<LocalConversation> = {}, from = 400) {
  let held = conversation([[from, 500]], changes);
  const asked: Seq[] = [];
  const sources: GallerySources = {
    reads: {
      conversation: async () => held,
      lines: async (_, first, last, __, limit) => {
        const low = Math.max(first, last - limit + 1);
        return Array.from({ length: last - low + 1 }, (_, index) => entry(low + index));
      },
    },
    loadOlder: async (before) => {
      asked.push(before);
      if (before <= 1) return false;
      const first = seq(Math.max(1, before - 100));
      held = { ...held, ranges: [{ first, last: seq(500) }] };
      return true;
    },
  };
  return { log: new GalleryLog(sources, chat), asked };
}

async function all(log: GalleryLog): Promise<number[]> {
  const seen: number[] = [];
  for (let page = await log.next(); page; page = await log.next())
    seen.push(...page.map(({ entry }) => entry.seq));
  return seen;
}

test('every message comes once, the newest first, what isn’t here after it was loaded', async () => {
  const { log, asked } = device();
  const seen = await all(log);
  expect(seen).toHaveLength(500);
  expect([seen[0], seen.at(-1)]).toEqual([500, 1]);
  expect(asked).toEqual([400, 300, 200, 100]);
});

test('it ends where the chat was cleared, and where one joined', async () => {
  expect((await all(device({ clearedSeq: seq(450) }).log)).at(-1)).toBe(451);
  expect((await all(device({ joinedSeq: seq(470) }).log)).at(-1)).toBe(470);
});

test('it begins where one was removed', async () => {
  expect((await all(device({ removedSeq: seq(480) }).log))[0]).toBe(480);
});

test('a step that needed a line is tried again', async () => {
  const { log } = device();
  const broken = new GalleryLog(
    {
      reads: { conversation: async () => conversation([[400, 500]]), lines: async () => [] },
      loadOlder: () => Promise.reject(new Error('no line')),
    },
    chat,
  );
  expect(await broken.next()).toEqual([]);
  await expect(broken.next()).rejects.toThrow('no line');
  await expect(broken.next()).rejects.toThrow('no line');
  expect(await log.next()).not.toBeNull();
});
