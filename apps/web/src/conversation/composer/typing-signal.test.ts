import { expect, test } from 'vitest';
import { TypingSignal } from './typing-signal';

function signal() {
  const told: boolean[] = [];
  return { told, signal: new TypingSignal((typing) => told.push(typing)) };
}

test('typing is told at once, and again after three seconds', () => {
  const { told, signal: typing } = signal();
  for (const now of [0, 100, 2_999]) typing.typed(now);
  expect(told).toEqual([true]);
  typing.typed(3_000);
  expect(told).toEqual([true, true]);
});

test('stopping is told once, and only after typing', () => {
  const { told, signal: typing } = signal();
  typing.stopped();
  typing.typed(0);
  typing.stopped();
  typing.stopped();
  expect(told).toEqual([true, false]);
});

test('typing after stopping is told at once', () => {
  const { told, signal: typing } = signal();
  typing.typed(0);
  typing.stopped();
  typing.typed(10);
  expect(told).toEqual([true, false, true]);
});
