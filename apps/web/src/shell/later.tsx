'use client';

import { type ReactNode, Suspense, useEffect } from 'react';
import { ErrorBoundary } from '@/look/error-boundary';
import { toast } from '@/look/toast';
import { useWords } from '@/words/words';

/** Around a part whose code is fetched when it is needed: nothing until it is there, a word when it can't be had. */
export function Later({ children }: { readonly children: ReactNode }) {
  return (
    <ErrorBoundary fallback={() => <MissingPart />}>
      <Suspense>{children}</Suspense>
    </ErrorBoundary>
  );
}

function MissingPart() {
  const words = useWords('shell.failure');
  useEffect(() => {
    toast(words('part'), {
      id: 'missing part',
      kind: 'bad',
      action: { label: words('reload'), onPress: () => location.reload() },
    });
  }, [words]);
  return null;
}
