import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { themeColours } from '@/look/appearance';
import { fontVariables } from '@/look/font';
import { WordsProvider } from '@/words/words';
import { earlyScript } from './early-script';
import { QuietAnnouncer } from './quiet-announcer';
import '@/look/tokens.css';
import '@/look/base.css';

export const metadata: Metadata = {
  title: 'Tidings',
  description: 'Your own messenger.',
  applicationName: 'Tidings',
  formatDetection: { telephone: false },
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  // Where the keyboard comes up, the composer stays above it.
  interactiveWidget: 'resizes-content',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: themeColours.light },
    { media: '(prefers-color-scheme: dark)', color: themeColours.dark },
  ],
};

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" className={fontVariables} suppressHydrationWarning>
      <body>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this build, which the CSP names by its hash */}
        <script dangerouslySetInnerHTML={{ __html: earlyScript }} />
        <QuietAnnouncer />
        <WordsProvider>{children}</WordsProvider>
      </body>
    </html>
  );
}
