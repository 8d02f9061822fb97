import { maxTextBytes } from '@tidings/api/entry';
import { expect, test } from 'vitest';
import { bytesTooMany, fits } from './size';

test('a text of exactly 64 KiB fits, one byte more does not', () => {
  expect(bytesTooMany('a'.repeat(maxTextBytes))).toBe(0);
  expect(bytesTooMany('a'.repeat(maxTextBytes + 1))).toBe(1);
});

test('bytes count, not characters', () => {
  expect(bytesTooMany('ü'.repeat(maxTextBytes / 2))).toBe(0);
  expect(bytesTooMany('ü'.repeat(maxTextBytes / 2 + 1))).toBe(2);
  expect(bytesTooMany('🎉'.repeat(maxTextBytes / 4 + 1))).toBe(4);
});

test('a paste counts together with what is there', () => {
  expect(fits('a'.repeat(maxTextBytes - 1), 'b')).toBe(true);
  expect(fits('a'.repeat(maxTextBytes), 'b')).toBe(false);
  expect(fits('', 'x'.repeat(50_000_000))).toBe(false);
});
