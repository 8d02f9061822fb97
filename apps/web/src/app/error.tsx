'use client';

import { PaneFailure } from '@/shell/pane-failure';

/** The last net: a page that failed as a whole. */
export default function Failure({ reset }: { reset(): void }) {
  return (
    <main>
      <PaneFailure onRetry={reset} />
    </main>
  );
}
