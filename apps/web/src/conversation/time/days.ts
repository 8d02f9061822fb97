/** The day of a moment where the user is, as `2026-11-24`: days compare as strings. */
export function dayOf(at: number): string {
  const date = new Date(at);
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** How a day is called: relative as long as that is clear, then by its weekday, then by its date. */
export type DayName =
  | { readonly type: 'today' }
  | { readonly type: 'yesterday' }
  | { readonly type: 'weekday'; readonly at: number }
  | { readonly type: 'date'; readonly at: number; readonly sameYear: boolean };

export function nameDay(at: number, now: number): DayName {
  const days = daysBetween(at, now);
  if (days === 0) return { type: 'today' };
  if (days === 1) return { type: 'yesterday' };
  if (days > 1 && days < 7) return { type: 'weekday', at };
  return { type: 'date', at, sameYear: new Date(at).getFullYear() === new Date(now).getFullYear() };
}

/** Milliseconds until the next midnight where the user is: then yesterday is another day. */
export function untilTomorrow(now: number): number {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime() - now;
}

/** Calendar days, not spans of 24 hours: those of a change to summer time are 23 long. */
function daysBetween(earlier: number, later: number): number {
  return Math.round((noonUtc(later) - noonUtc(earlier)) / 86_400_000);
}

function noonUtc(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate(), 12);
}
