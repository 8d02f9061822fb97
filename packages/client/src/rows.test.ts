import type { Entry } from '@tidings/api/entry';
import { seq, type UserId } from '@tidings/api/ids';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LocalEntry } from './local-store.ts';
import { asDuplicate, nothingKept, rebuilt, rowOf, withEffect, withKept } from './rows.ts';
import { anna, annaBen, ben, cleo } from './testing/world.ts';

const message = entry(1, { kind: 'message', content: 'first' });

function entry(at: number, more: Partial<Entry>): Entry {
  return {
    conversationId: annaBen,
    seq: seq(at),
    kind: 'message',
    sender: anna,
    sentAt: at,
    content: '',
    ...more,
  };
}

const effect = fc.oneof(
  fc.record({
    kind: fc.constant('edit'),
    sender: fc.constantFrom<UserId>(anna, ben),
    content: fc.constantFrom('a', 'b', 'c'),
  }),
  fc.record({
    kind: fc.constant('reaction'),
    sender: fc.constantFrom<UserId>(anna, ben, cleo),
    content: fc.constantFrom('👍', '❤️', ''),
  }),
  fc.record({
    kind: fc.constantFrom('delete', 'edit', 'reaction'),
    sender: fc.constant(anna),
    content: fc.constant('x'),
  }),
);

const effectsOf = (kinds: readonly Partial<Entry>[]): Entry[] =>
  kinds.map((more, index) => entry(index + 2, { ...more, target: seq(1) }));

describe('rows', () => {
  test('INV11 the same effects in any order, some of them twice, give the same row', () => {
    const cases = fc
      .array(effect, { minLength: 1, maxLength: 8 })
      .map(effectsOf)
      .chain((effects) =>
        fc.tuple(
          fc.constant(effects),
          fc.shuffledSubarray([...effects, ...effects], { minLength: effects.length * 2 }),
        ),
      );
    fc.assert(
      fc.property(cases, ([effects, shuffled]) => {
        const inOrder = effects.reduce(withEffect, rowOf(message, nothingKept));
        expect(shuffled.reduce(withEffect, rowOf(message, nothingKept))).toEqual(inOrder);
      }),
    );
  });

  test('SEND3 a row made anew forgets what is void, and keeps what is newer than what was read', () => {
    const cases = fc.tuple(fc.array(effect, { maxLength: 8 }), fc.nat(10));
    fc.assert(
      fc.property(cases, ([kinds, upTo]) => {
        const effects = effectsOf(kinds);
        const held = effects.reduce(withEffect, rowOf(message, nothingKept));
        const known = effects.filter((each) => each.seq <= upTo);
        const fresh = known.reduce(withEffect, rowOf(message, nothingKept));
        expect(rebuilt(fresh, held, seq(upTo))).toEqual(held);
      }),
    );
    const [first, other, copy] = effectsOf([
      { kind: 'reaction', sender: ben, content: '👍' },
      { kind: 'reaction', sender: ben, content: '❤️' },
      { kind: 'reaction', sender: ben, content: '👍' },
    ]) as [Entry, Entry, Entry];
    const wrong = [other, copy, first].reduce(withEffect, rowOf(message, nothingKept));
    const fresh = [first, other].reduce(withEffect, rowOf(message, nothingKept));
    expect(rebuilt(fresh, wrong, seq(9)).reactions).toEqual({ '❤️': [ben] });
  });

  test('INV11 a deletion leaves nothing of the content, of its edits or of the reactions', () => {
    const effects = effectsOf([
      { kind: 'edit', sender: anna, content: 'edited' },
      { kind: 'reaction', sender: ben, content: '👍' },
      { kind: 'delete', sender: anna },
    ]);
    const row = effects.reduce(withEffect, rowOf(message, nothingKept));
    expect(row).toEqual({ ...message, content: '', deleted: true, visible: 1, send: '' });
    expect(rowOf({ ...message, content: '', deleted: true }, nothingKept)).toEqual(row);
    expect(effects.map((each) => rowOf(each, nothingKept).content)).toEqual(['', '👍', '']);
  });

  test('SEND7 an edit by somebody else changes nothing, nor does an edit whose content was erased', () => {
    const row = rowOf(message, nothingKept);
    expect(withEffect(row, entry(2, { kind: 'edit', sender: ben, content: 'mine', target: seq(1) }))).toBe(
      row,
    );
    expect(withEffect(row, entry(2, { kind: 'edit', target: seq(1), deleted: true }))).toBe(row);
  });

  test('what shows as a line: messages, changes of the group, and unknown kinds that are about nothing else', () => {
    const shown = (kind: string, more: Partial<Entry> = {}) =>
      rowOf(entry(3, { kind, ...more }), nothingKept).visible;
    expect(['message', 'change', 'call', 'poll'].map((kind) => shown(kind))).toEqual([1, 1, 1, 1]);
    expect(['edit', 'delete', 'reaction', 'void', 'account'].map((kind) => shown(kind))).toEqual([
      0, 0, 0, 0, 0,
    ]);
    expect(shown('vote', { target: seq(1) })).toBe(0);
  });

  test('hidden, starred and back again', () => {
    const row = rowOf(message, nothingKept);
    const kept = { hidden: [seq(1)], starred: [[seq(1), 77] as const] };
    const changed = withKept(row, kept);
    expect(changed).toEqual({ ...row, visible: 0, hidden: true, starredAt: 77 });
    expect(withKept(changed, nothingKept)).toEqual(row);
    expect(withKept(asDuplicate(changed), nothingKept).visible).toBe(0);
    expect(rowOf(message, kept)).toEqual<LocalEntry>(changed);
    const deletion = entry(2, { kind: 'delete', target: seq(1) });
    expect(rowOf({ ...message, content: '', deleted: true }, kept)).toEqual(withEffect(changed, deletion));
  });
});
