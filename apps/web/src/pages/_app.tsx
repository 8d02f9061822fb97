import type { AppProps } from 'next/app';
import Head from 'next/head';
import { ErrorBoundary } from '@/look/error-boundary';
// Named by `_document`, which can't have it fetched early.
import '@/look/font';
import { PaneFailure } from '@/shell/pane-failure';
import { QuietAnnouncer } from '@/shell/quiet-announcer';
import { WordsProvider } from '@/words/words';
import '@/look/tokens.css';
import '@/look/base.css';

/** Where the keyboard comes up, the composer stays above it. */
const viewport =
  'width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content';

/** What is around every page while it runs. */
export default function App({ Component, pageProps }: AppProps) {
  return (
    <>
      <Head>
        <title>Tidings</title>
        <meta name="viewport" content={viewport} />
      </Head>
      <WordsProvider>
        <ErrorBoundary fallback={(retry) => <Failure onRetry={retry} />}>
          <Component {...pageProps} />
        </ErrorBoundary>
        <QuietAnnouncer />
      </WordsProvider>
    </>
  );
}

/** The last net: a page that failed as a whole. */
function Failure({ onRetry }: { onRetry(): void }) {
  return (
    <main>
      <PaneFailure onRetry={onRetry} />
    </main>
  );
}
