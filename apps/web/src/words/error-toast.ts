'use client';

import { useCallback } from 'react';
import { useLocale } from 'use-intl/react';
import { toast } from '@/look/toast';

/** Says in a corner what went wrong. The sentences are fetched when the first is needed, so that no page starts with them. */
export function useErrorToast(): (error: unknown) => void {
  const locale = useLocale();
  return useCallback(
    (error) => {
      void import('./error-text').then(({ errorText }) => toast(errorText(error, locale), { kind: 'bad' }));
    },
    [locale],
  );
}
