import Head from 'next/head';
import { AuthWords } from '@/auth/auth-words';
import { ResetForm } from '@/auth/reset-form';

export default function Page() {
  return (
    <>
      <Head>
        <title>Choose a new password · Tidings</title>
        <meta name="referrer" content="no-referrer" />
      </Head>
      <AuthWords>
        <ResetForm />
      </AuthWords>
    </>
  );
}
