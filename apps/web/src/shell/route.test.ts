import { directId, groupId, userId } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { home, hrefOf, paneOf, parseRoute } from './route';

const chat = directId(userId('anna-0000'), userId('ben-00000'));

test.each([
  [home, '/'],
  [{ chat, view: null }, `/?c=${chat}`],
  [{ chat: null, view: 'settings' }, '/?view=settings'],
  [{ chat: groupId('sailing-crew'), view: 'archive' }, '/?c=group:sailing-crew&view=archive'],
] as const)('%j is written as %s, and read back', (route, href) => {
  expect(hrefOf(route)).toBe(href);
  expect(parseRoute(new URL(href, 'https://x').search)).toEqual(route);
});

test('an address that makes no sense is home', () => {
  expect(parseRoute('?c=../../etc&view=nowhere')).toEqual(home);
  expect(parseRoute(`?c=${encodeURIComponent(chat)}`)).toEqual({ chat, view: null });
});

test('a phone shows settings above the chat, and the archive as a list', () => {
  expect(paneOf({ chat, view: 'settings' })).toBe('detail');
  expect(paneOf({ chat, view: null })).toBe('detail');
  expect(paneOf({ chat: null, view: 'archive' })).toBe('list');
  expect(paneOf(home)).toBe('list');
});
