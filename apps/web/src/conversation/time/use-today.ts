'use client';

import { useEffect, useState } from 'react';
import { untilTomorrow } from './days';

/** Some moment of today; renders again when today becomes yesterday. */
export function useToday(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), untilTomorrow(now) + 500);
    return () => clearTimeout(timer);
  }, [now]);
  return now;
}
