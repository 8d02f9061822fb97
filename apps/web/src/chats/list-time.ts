'use client';

import { useCallback } from 'react';
import { nameDay } from '@/conversation/time/days';
import { useToday } from '@/conversation/time/use-today';
import { useFormats, useWords } from '@/words/words';

/** How the list writes when something was: the time today, then "Yesterday", the weekday, the date. */
export function useListTime(): (at: number) => string {
  const words = useWords('chats');
  const format = useFormats();
  const now = useToday();
  return useCallback(
    (at) => {
      const day = nameDay(at, now);
      switch (day.type) {
        case 'today':
          return format.dateTime(at, { timeStyle: 'short' });
        case 'yesterday':
          return words('yesterday');
        case 'weekday':
          return format.dateTime(at, { weekday: 'short' });
        case 'date':
          return format.dateTime(at, {
            day: 'numeric',
            month: 'numeric',
            ...(day.sameYear ? {} : { year: '2-digit' }),
          });
      }
    },
    [words, format, now],
  );
}
