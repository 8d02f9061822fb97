import { seq, userId } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { entryRow, outboxRow } from '../testing/rows';
import { tickOf } from './tick';

const others = (delivered: number, read: number) => ({
  othersDelivered: seq(delivered),
  othersRead: seq(read),
});
const self = userId('self-user');

test('MARK4 a waiting message is being sent, a refused one failed', () => {
  expect(tickOf(outboxRow({ state: { type: 'waiting' } }), others(9, 9))).toBe('sending');
  expect(tickOf(outboxRow({ state: { type: 'failed', code: 'expired' } }), others(9, 9))).toBe('failed');
});

test('MARK4 an acknowledged message is sent before its entry is here', () => {
  const row = outboxRow({ state: { type: 'sent', seq: seq(5), sentAt: 1 } });
  expect(tickOf(row, others(4, 4))).toBe('sent');
  expect(tickOf(row, others(5, 4))).toBe('delivered');
});

test('MARK4 delivered and read need every other member', () => {
  const row = entryRow({ seq: 5, sender: self });
  expect(tickOf(row, others(4, 4))).toBe('sent');
  expect(tickOf(row, others(5, 4))).toBe('delivered');
  expect(tickOf(row, others(7, 5))).toBe('read');
});

test('an edit that waits or failed shows on the message, a reaction does not', () => {
  const waiting = (kind: 'edit' | 'reaction', state: 'waiting' | 'failed') =>
    outboxRow({
      kind,
      target: seq(5),
      state: state === 'waiting' ? { type: 'waiting' } : { type: 'failed', code: 'not-allowed' },
    }).item;
  const row = (item: ReturnType<typeof waiting>) => ({
    ...entryRow({ seq: 5, sender: self }),
    waiting: item,
  });
  expect(tickOf(row(waiting('edit', 'waiting')), others(9, 9))).toBe('sending');
  expect(tickOf(row(waiting('edit', 'failed')), others(9, 9))).toBe('failed');
  expect(tickOf(row(waiting('reaction', 'waiting')), others(9, 9))).toBe('read');
});
