import { expect, test } from 'vitest';
import { Gathering } from './gathering.ts';

/** Hands out what was scheduled, for the test to run. */
function stage() {
  const soon: (() => void)[] = [];
  const later: (() => void)[] = [];
  const done: string[] = [];
  const clock = {
    now: () => 0,
    soon: (task: () => void) => void soon.push(task),
    after: (_: number, task: () => void) => {
      later.push(task);
      return () => {};
    },
  };
  const gathering = new Gathering(clock, 3);
  return {
    done,
    ask: (name: string) => gathering.schedule(() => done.push(name)),
    endTick: () => soon.shift()?.(),
    passTime: () => later.shift()?.(),
  };
}

test('who comes alone waits for no timer', () => {
  const { ask, endTick, done } = stage();
  ask('first');
  endTick();
  expect(done).toEqual(['first']);
});

test('who comes while others were just looked up waits, together with everybody who does', () => {
  const { ask, endTick, passTime, done } = stage();
  ask('first');
  endTick();
  for (const name of ['second', 'third']) ask(name);
  endTick();
  expect(done).toEqual(['first']);
  passTime();
  expect(done).toEqual(['first', 'second', 'third']);
});

test('after a quiet while the next one waits for nobody again', () => {
  const { ask, endTick, passTime, done } = stage();
  ask('first');
  endTick();
  passTime();
  ask('second');
  endTick();
  expect(done).toEqual(['first', 'second']);
});
