import Head from 'next/head';
import { SignInForm } from '@/auth/sign-in-form';

export default function Page() {
  return (
    <>
      <Head>
        <title>Sign in · Tidings</title>
      </Head>
      <SignInForm />
    </>
  );
}
