import { expect, test } from 'vitest';
import { dayOf, nameDay, untilTomorrow } from './days';

const at = (year: number, month: number, day: number, hour = 0, minute = 0) =>
  new Date(year, month - 1, day, hour, minute).getTime();

test('a day is the calendar day where the user is', () => {
  expect(dayOf(at(2026, 3, 1, 0, 0))).toBe('2026-03-01');
  expect(dayOf(at(2026, 3, 1, 23, 59))).toBe('2026-03-01');
});

test('yesterday begins at midnight, not 24 hours ago', () => {
  const now = at(2026, 11, 24, 0, 5);
  expect(nameDay(at(2026, 11, 24, 0, 1), now).type).toBe('today');
  expect(nameDay(at(2026, 11, 23, 23, 59), now).type).toBe('yesterday');
  expect(nameDay(at(2026, 11, 22, 23, 59), now).type).toBe('weekday');
});

test('within a week a day has its weekday, then its date', () => {
  const now = at(2026, 11, 24, 12);
  expect(nameDay(at(2026, 11, 18, 1), now).type).toBe('weekday');
  expect(nameDay(at(2026, 11, 17, 23), now)).toMatchObject({ type: 'date', sameYear: true });
  expect(nameDay(at(2025, 11, 24, 12), now)).toMatchObject({ type: 'date', sameYear: false });
});

test('a day to come has its date: a clock that runs behind', () => {
  expect(nameDay(at(2026, 11, 25, 1), at(2026, 11, 24, 12)).type).toBe('date');
});

test('the change to summer time moves no day', () => {
  for (let day = 1; day <= 31; day += 1) {
    expect(nameDay(at(2026, 3, day, 12), at(2026, 3, day + 1, 1)).type).toBe('yesterday');
    expect(nameDay(at(2026, 10, day, 12), at(2026, 10, day + 1, 1)).type).toBe('yesterday');
  }
});

test('tomorrow comes at midnight', () => {
  expect(untilTomorrow(at(2026, 11, 24, 23, 59))).toBe(60_000);
});
