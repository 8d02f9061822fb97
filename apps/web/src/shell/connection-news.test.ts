import { expect, test } from 'vitest';
import { newsOf } from './connection-news';

test('offline is told at once, a first attempt gets a moment', () => {
  expect(newsOf({ type: 'offline' })).toEqual({ news: 'waiting', afterMs: 0 });
  expect(newsOf({ type: 'connecting', attempt: 1 })).toEqual({ news: 'waiting', afterMs: 2_000 });
  expect(newsOf({ type: 'connecting', attempt: 2 })).toEqual({ news: 'waiting', afterMs: 0 });
});

test('reading what was missed is told when it takes a while', () => {
  expect(newsOf({ type: 'syncing' })).toEqual({ news: 'updating', afterMs: 800 });
});

test('nothing is said when all is well, or when something else says it', () => {
  expect(newsOf({ type: 'live' }).news).toBeNull();
  expect(newsOf({ type: 'ended', code: 'outdated-client' }).news).toBeNull();
});
