import { expect, test, vi } from 'vitest';
import { attachBoard } from './attach-board';

test('what is asked before the layer is there waits for it, once', () => {
  attachBoard.ask({ type: 'place' });
  const listen = vi.fn();
  attachBoard.listen(listen)();
  expect(listen.mock.calls).toEqual([[{ type: 'place' }]]);
  const later = vi.fn();
  attachBoard.listen(later)();
  expect(later).not.toHaveBeenCalled();
});

test('what a chat that is left had asked for comes up in no other', () => {
  attachBoard.ask({ type: 'contact' });
  attachBoard.forget();
  const listen = vi.fn();
  attachBoard.listen(listen)();
  expect(listen).not.toHaveBeenCalled();
});
