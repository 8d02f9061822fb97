import { expect, test } from 'vitest';
import { initialsOf } from './initials';

test.each([
  ['Ada Lovelace', 'AL'],
  ['ada', 'A'],
  ['Jean-Luc  Picard', 'JP'],
  ['Anna Maria von Österreich', 'AÖ'],
  ['(Chess) club', 'CC'],
  ['🌊 Sailing crew', '🌊C'],
  ['👩‍👩‍👧 family', '👩‍👩‍👧F'],
  ['…', ''],
  ['', ''],
])('the initials of %j are %j', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
