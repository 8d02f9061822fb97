import Head from 'next/head';
import { AuthWords } from '@/auth/auth-words';
import { SignInForm } from '@/auth/sign-in-form';

export default function Page() {
  return (
    <>
      <Head>
        <title>Sign in · Tidings</title>
      </Head>
      <AuthWords>
        <SignInForm />
      </AuthWords>
    </>
  );
}
