import Head from 'next/head';
import { Console } from '@/console/console';
import { ConsoleWords } from '@/console/console-words';

export default function Page() {
  return (
    <>
      <Head>
        <title>Console · Tidings</title>
        <meta name="robots" content="noindex" />
      </Head>
      <ConsoleWords>
        <Console />
      </ConsoleWords>
    </>
  );
}
