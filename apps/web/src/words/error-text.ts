'use client';

import { type ErrorCode, TidingsError } from '@tidings/api/errors';
import { useCallback } from 'react';
import { useWords } from './words';

/** The sentence for whatever was thrown; with the time to wait when the server named one. */
export function useErrorText(): (error: unknown) => string {
  const words = useWords('errors');
  return useCallback(
    (error) => {
      const code = codeOf(error);
      const waitMs = error instanceof TidingsError ? error.retryAfterMs : undefined;
      if (code !== 'too-many-requests' || waitMs === undefined || waitMs < 5_000) return words(code);
      return words('tryAgainIn', { minutes: Math.ceil(waitMs / 60_000) });
    },
    [words],
  );
}

function codeOf(error: unknown): ErrorCode | 'unknown' {
  return error instanceof TidingsError ? error.code : 'unknown';
}
