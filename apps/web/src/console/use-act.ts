'use client';

import { useCallback } from 'react';
import { toast } from '@/look/toast';
import { useErrorText } from '@/words/error-text';

/** Runs an act and says how it went; rejects when it failed, after that was said. */
export function useAct() {
  const errorText = useErrorText();
  return useCallback(
    async <T>(act: () => Promise<T>, done?: string): Promise<T> => {
      try {
        const answer = await act();
        if (done) toast(done, { kind: 'good' });
        return answer;
      } catch (error) {
        toast(errorText(error), { kind: 'bad' });
        throw error;
      }
    },
    [errorText],
  );
}
