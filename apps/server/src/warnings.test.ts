import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { tellWarnings } from './warnings.ts';

const warning = (name: string) => Object.assign(new Error(`a ${name}`), { name });

test('a warning is told in the place of whoever told it before, unless it is known to be harmless', () => {
  const source = new EventEmitter();
  const before: Error[] = [];
  const told: Error[] = [];
  source.on('warning', (each: Error) => before.push(each));
  tellWarnings((each) => told.push(each), source);
  const leak = warning('MaxListenersExceededWarning');
  for (const each of [leak, warning('TimeoutNegativeWarning')]) source.emit('warning', each);
  expect(told).toEqual([leak]);
  expect(before).toEqual([]);
});
