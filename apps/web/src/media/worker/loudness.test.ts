import { expect, test } from 'vitest';
import { Loudness } from './loudness';

const levels = (waveform: string) => Array.from(atob(waveform), (character) => character.charCodeAt(0));

test('a waveform has 64 values, and the loudest part is 255', () => {
  const loudness = new Loudness(64);
  for (let second = 0; second < 64; second += 1)
    loudness.add(second, new Float32Array(100).fill(second === 10 ? 0.5 : 0.1));
  const all = levels(loudness.waveform());
  expect(all).toHaveLength(64);
  expect(all[10]).toBe(255);
  expect(all[20]).toBe(51);
});

test('silence, and no sound at all, are zeros', () => {
  const silent = new Loudness(1);
  silent.add(0, new Float32Array(1_000));
  expect(new Set(levels(silent.waveform()))).toEqual(new Set([0]));
  const none = new Loudness(0);
  none.add(0, new Float32Array(10));
  expect(levels(none.waveform())).toHaveLength(64);
});
