import { Head, Html, Main, NextScript } from 'next/document';
import { themeColours } from '@/look/appearance';
import { fontVariables } from '@/look/font';
import { earlyScript } from '@/words/early-script';

/** What is around every page in the exported files, and never changes. */
export default function Document() {
  return (
    <Html lang="en" className={fontVariables}>
      <Head>
        <meta name="description" content="Your own messenger." />
        <meta name="application-name" content="Tidings" />
        <meta name="format-detection" content="telephone=no" />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content={themeColours.light} />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content={themeColours.dark} />
        <link rel="manifest" href="/manifest.webmanifest" />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" sizes="any" />
        <link rel="apple-touch-icon" href="/apple-icon.png" type="image/png" sizes="180x180" />
      </Head>
      <body>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this build, which the CSP names by its hash */}
        <script dangerouslySetInnerHTML={{ __html: earlyScript }} />
        <Main />
        <NextScript />
      </body>
    </Html>
  );
}
