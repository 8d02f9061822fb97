import { expect, test } from 'vitest';
import { clock } from './clock';

test.each([
  [0, '0:00'],
  [400, '0:00'],
  [12_300, '0:12'],
  [59_999, '1:00'],
  [754_000, '12:34'],
  [3_723_000, '1:02:03'],
  [-5, '0:00'],
])('%i ms shows as %s', (ms, shown) => expect(clock(ms)).toBe(shown));
