import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@tidings/api/clock';
import { seq } from '@tidings/api/ids';
import { expect, onTestFinished, test, vi } from 'vitest';
import { entriesAt, entryAt, range, someChat } from '../testing/make.ts';
import { temporaryFolder } from '../testing/sqlite-files.ts';
import { storesOn } from './stores.ts';
import { openWorkerEngine, type WorkerOptions } from './worker-engine.ts';

const folder = temporaryFolder();
let files = 0;

async function open(options?: WorkerOptions, path = join(folder, `${++files}.db`)) {
  const engine = await openWorkerEngine(path, options);
  const stores = storesOn(engine, systemClock);
  onTestFinished(() => stores.stop());
  return { path, engine, stores, messages: stores.messages };
}

test('a file that can’t be opened is said so', async () => {
  const taken = join(folder, 'a-folder');
  mkdirSync(taken);
  await expect(openWorkerEngine(taken)).rejects.toThrow();
});

test('LOG2 a full disk refuses what it can’t keep, and goes on with the rest', async () => {
  const { path, stores, messages } = await open({ maxBytes: 256 * 1024 });
  const chat = someChat();
  const large = (position: number) => [entryAt(chat, position, { content: 'x'.repeat(50_000) })];
  const fill = async () => {
    for (const position of range(1, 50)) await messages.append(large(position));
  };
  await expect(fill()).rejects.toMatchObject({ code: 'storage-full', retry: 'later' });

  const [page] = await messages.read([
    { conversation: chat, first: seq(1), last: seq(999), from: 'oldest', limit: 999 },
  ]);
  const head = page?.at(-1)?.seq ?? 0;
  expect(await messages.heads([chat])).toMatchObject([{ seq: head }]);
  await stores.stop();

  const roomier = await open({}, path);
  expect(await roomier.messages.heads([chat])).toMatchObject([{ seq: head }]);
  expect(await roomier.messages.append(large(head + 1))).toEqual(['written']);
});

test('a thread that dies rejects what was under way, and another takes over', async () => {
  const onTrouble = vi.fn();
  const { engine, messages } = await open({ onTrouble });
  const chat = someChat();
  await messages.append(entriesAt(chat, 1));
  const underWay = Promise.allSettled(range(2, 200).map((at) => messages.append(entriesAt(chat, at))));
  await engine.kill();
  for (const outcome of await underWay) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'unavailable' });
  }
  await expect(messages.heads([chat])).rejects.toMatchObject({ code: 'unavailable', retry: 'later' });
  await vi.waitFor(() => messages.heads([chat]), { timeout: 5_000 });
  expect(onTrouble).toHaveBeenCalledTimes(1);
  expect(await messages.append(entriesAt(chat, 1))).toEqual(['taken']);
  expect(await messages.append(entriesAt(chat, 1_000))).toEqual(['written']);
});

test('a stop answers what was asked for before, and refuses what comes after', async () => {
  const { engine, messages } = await open();
  const chats = range(1, 100).map(someChat);
  const appends = Promise.all(chats.map((chat) => messages.append(entriesAt(chat, 1))));
  const stopped = Promise.all([engine.stop(), engine.stop()]);
  await expect(messages.heads(chats)).rejects.toMatchObject({ code: 'unavailable' });
  expect(new Set((await appends).flat())).toEqual(new Set(['written']));
  await stopped;
  await expect(messages.heads(chats)).rejects.toMatchObject({ code: 'unavailable' });
});

test('a stop while a new thread is on its way leaves none behind', async () => {
  const { engine, stores } = await open();
  await engine.kill();
  await stores.stop();
  await expect(engine.read('heads', [])).rejects.toMatchObject({ code: 'unavailable' });
});

test('a read doesn’t wait for the writes that came with it', async () => {
  const { messages } = await open();
  const chat = someChat();
  const order: string[] = [];
  const write = messages.append(entriesAt(chat, 1)).then(() => order.push('write'));
  const read = messages.heads([chat]).then(() => order.push('read'));
  await Promise.all([write, read]);
  expect(order).toEqual(['read', 'write']);
});
