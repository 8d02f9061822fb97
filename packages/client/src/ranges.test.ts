import { type Seq, seq } from '@tidings/api/ids';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addRange, covers, cutRange, heldAfter, holds, holesIn, type Ranges } from './ranges.ts';

const span = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }));
const step = fc.record({ cut: fc.boolean(), span });

/** The same as a set of positions, the slow and plain way. */
function play(steps: readonly { cut: boolean; span: readonly [number, number] }[]) {
  let ranges: Ranges = [];
  const set = new Set<number>();
  for (const { cut, span } of steps) {
    const [first, length] = span;
    ranges = (cut ? cutRange : addRange)(ranges, seq(first), seq(first + length));
    for (let at = first; at <= first + length; at += 1) cut ? set.delete(at) : set.add(at);
  }
  return { ranges, set };
}

describe('ranges', () => {
  test('SYNC2 ranges hold what a set of positions would, ascending, disjoint and not adjacent', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { ranges, set } = play(steps);
        const positions = ranges.flatMap((range) => listOf(range.first, range.last));
        expect(positions).toEqual([...set].sort((a, b) => a - b));
        ranges.forEach((range, index) => {
          expect(
            range.first <= range.last && (index === 0 || range.first > (ranges[index - 1]?.last ?? 0) + 1),
          ).toBe(true);
        });
      }),
    );
  });

  test('SYNC2 questions about ranges answer what a set of positions would', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), span, (steps, [first, length]) => {
        const { ranges, set } = play(steps);
        const asked = listOf(first, first + length);
        const missing = asked.filter((at) => !set.has(at));
        expect(
          holesIn(ranges, seq(first), seq(first + length)).flatMap((hole) => listOf(hole.first, hole.last)),
        ).toEqual(missing);
        expect(covers(ranges, first, first + length)).toBe(missing.length === 0);
        expect(asked.map((at) => holds(ranges, seq(at)))).toEqual(asked.map((at) => set.has(at)));
        let end = first;
        while (set.has(end + 1)) end += 1;
        expect(heldAfter(ranges, seq(first))).toBe(end);
      }),
    );
  });

  test('what is held already changes nothing, not even the array', () => {
    const ranges = addRange([], seq(3), seq(9));
    expect(addRange(ranges, seq(4), seq(9))).toBe(ranges);
    expect(cutRange(ranges, seq(10), seq(12))).toBe(ranges);
  });
});

const listOf = (first: number, last: number): Seq[] =>
  Array.from({ length: last - first + 1 }, (_, index) => seq(first + index));
