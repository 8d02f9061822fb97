import { expect } from '@playwright/test';
import type { Person } from './person.ts';

export const messageOf = (number: number): string => `message ${String(number).padStart(2, '0')}`;

export async function sendNumbered(
  person: Person,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  for (let number = from; number <= to; number += 1) await person.send(messageOf(number));
}

/** All show message 00 up to the last, each once, in order. */
export async function haveAll(people: readonly Person[], last: number): Promise<void> {
  const all = Array.from({ length: last + 1 }, (_, number) => messageOf(number));
  for (const person of people) await expect.poll(() => person.shownOf(/message \d\d/)).toEqual(all);
}
