'use client';

import { useCallback, useEffect, useState } from 'react';
import { ask } from './console-api';

/** What the server says of who looks at the console. */
export type Standing = 'asking' | 'operator' | 'nobody' | 'unknown';

/** `again` asks once more. */
export function useStanding(): { readonly standing: Standing; again(): void } {
  const [standing, setStanding] = useState<Standing>('asking');
  const again = useCallback(() => {
    setStanding('asking');
    ask((api) => api.user.me.query()).then(
      ({ operator }) => setStanding(operator ? 'operator' : 'nobody'),
      () => setStanding('unknown'),
    );
  }, []);
  useEffect(again, [again]);
  return { standing, again };
}
