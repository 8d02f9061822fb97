import { groupId } from '@tidings/api/ids';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Screen } from './screen';
import { anna, ben, chat } from './testing/seed';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what the views show is told together, the open chat first, and only when it changed', () => {
  const watch = vi.fn();
  const screen = new Screen(watch);
  const group = groupId('group-000');
  const hideList = screen.show({ users: [anna, ben], conversations: [group, chat] });
  screen.show({ users: [ben], open: chat });
  vi.runAllTimers();
  expect(watch.mock.calls).toEqual([
    [
      [anna, ben],
      [chat, group],
    ],
  ]);
  screen.show({ users: [anna] });
  vi.runAllTimers();
  expect(watch).toHaveBeenCalledTimes(1);
  hideList();
  vi.runAllTimers();
  expect(watch.mock.calls[1]).toEqual([[ben, anna], [chat]]);
});
