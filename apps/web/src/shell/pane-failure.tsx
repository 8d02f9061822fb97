'use client';

import { CloudAlert } from 'lucide-react';
import { Button } from '@/look/button';
import { EmptyState } from '@/look/empty-state';
import { useWords } from '@/words/words';

/** In place of what couldn't be shown: a part of the app that couldn't be fetched, or a mistake in one. */
export function PaneFailure({ onRetry }: { onRetry(): void }) {
  const words = useWords('shell.failure');
  return (
    <EmptyState
      picture={<CloudAlert />}
      title={words('title')}
      actions={
        <>
          <Button variant="primary" onClick={() => location.reload()}>
            {words('reload')}
          </Button>
          <Button onClick={onRetry}>{words('retry')}</Button>
        </>
      }
    >
      {words('text')}
    </EmptyState>
  );
}
