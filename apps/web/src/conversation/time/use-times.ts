'use client';

import { useMemo } from 'react';
import { useFormats, useWords } from '@/words/words';
import { nameDay } from './days';
import { useToday } from './use-today';

export type Times = {
  /** `14:03` */
  clock(at: number): string;
  /** `Today`, `Yesterday`, `Monday`, `3 March`, `3 March 2025` */
  day(at: number): string;
  /** `today at 14:03`, within a sentence. */
  moment(at: number): string;
  /** With the date, for a tooltip. */
  full(at: number): string;
};

/** How moments are written, in the language and the time zone of the user. */
export function useTimes(): Times {
  const t = useWords('conversation.time');
  const format = useFormats();
  const now = useToday();
  return useMemo(() => {
    const clock = (at: number) => format.dateTime(at, { timeStyle: 'short' });
    const date = (at: number, sameYear: boolean) =>
      format.dateTime(at, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) });
    const weekday = (at: number) => format.dateTime(at, { weekday: 'long' });
    return {
      clock,
      full: (at) => format.dateTime(at, { dateStyle: 'full', timeStyle: 'short' }),
      day: (at) => {
        const name = nameDay(at, now);
        if (name.type === 'weekday') return weekday(at);
        return name.type === 'date' ? date(at, name.sameYear) : t(name.type);
      },
      moment: (at) => {
        const name = nameDay(at, now);
        const time = clock(at);
        if (name.type === 'weekday') return t('weekdayAt', { day: weekday(at), time });
        if (name.type === 'date') return t('dateAt', { day: date(at, name.sameYear), time });
        return t(name.type === 'today' ? 'todayAt' : 'yesterdayAt', { time });
      },
    };
  }, [t, format, now]);
}
