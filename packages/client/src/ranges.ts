import { type Seq, seq } from '@tidings/api/ids';
import type { SeqRange } from './local-store.ts';

/** Sets of positions as ranges that are ascending, disjoint and not adjacent, both ends included. */
export type Ranges = readonly SeqRange[];

/** The same array when first..last is held already. */
export function addRange(ranges: Ranges, first: Seq, last: Seq): Ranges {
  if (last < first) return ranges;
  const top = ranges.at(-1);
  if (!top || first > top.last + 1) return [...ranges, { first, last }];
  if (first >= top.first)
    return last <= top.last ? ranges : [...ranges.slice(0, -1), { first: top.first, last }];
  if (covers(ranges, first, last)) return ranges;
  const below = ranges.filter((range) => range.last + 1 < first);
  const above = ranges.filter((range) => range.first > last + 1);
  const touched = ranges.slice(below.length, ranges.length - above.length);
  const lowest = Math.min(first, touched[0]?.first ?? first);
  const highest = Math.max(last, touched.at(-1)?.last ?? last);
  return [...below, { first: seq(lowest), last: seq(highest) }, ...above];
}

/** What is left without first..last. */
export function cutRange(ranges: Ranges, first: Seq, last: Seq): Ranges {
  if (last < first || !ranges.some((range) => range.first <= last && first <= range.last)) return ranges;
  return ranges.flatMap((range) => [
    ...(range.first < first ? [{ first: range.first, last: seq(Math.min(range.last, first - 1)) }] : []),
    ...(range.last > last ? [{ first: seq(Math.max(range.first, last + 1)), last: range.last }] : []),
  ]);
}

export function holds(ranges: Ranges, at: Seq): boolean {
  for (let index = ranges.length - 1; index >= 0; index -= 1) {
    const range = ranges[index] as SeqRange;
    if (at > range.last) return false;
    if (at >= range.first) return true;
  }
  return false;
}

/** True when every position of first..last is held, also when there is none. */
export const covers = (ranges: Ranges, first: number, last: number): boolean =>
  last < first || ranges.some((range) => range.first <= first && last <= range.last);

/** The last position of the unbroken run that begins right after `after`; `after` itself when there is none. */
export function heldAfter(ranges: Ranges, after: Seq): Seq {
  const run = ranges.find((range) => range.first <= after + 1 && after < range.last);
  return run ? run.last : after;
}

/** The positions of first..last that are not held, ascending. */
export function holesIn(ranges: Ranges, first: Seq, last: Seq): Ranges {
  const holes: SeqRange[] = [];
  let next = first as number;
  for (const range of ranges) {
    if (range.last < next) continue;
    if (range.first > last) break;
    if (range.first > next) holes.push({ first: seq(next), last: seq(range.first - 1) });
    next = range.last + 1;
  }
  if (next <= last) holes.push({ first: seq(next), last });
  return holes;
}

export const countOf = (ranges: Ranges): number =>
  ranges.reduce((count, range) => count + range.last - range.first + 1, 0);

export const later = (a: Seq, b: Seq): Seq => (a > b ? a : b);
export const earlier = (a: Seq, b: Seq): Seq => (a < b ? a : b);
export const next = (at: Seq): Seq => seq(at + 1);
export const previous = (at: Seq): Seq => seq(Math.max(0, at - 1));
