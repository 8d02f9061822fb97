import Head from 'next/head';
import { AuthWords } from '@/auth/auth-words';
import { SignUpForm } from '@/auth/sign-up-form';

export default function Page() {
  return (
    <>
      <Head>
        <title>Make an account · Tidings</title>
      </Head>
      <AuthWords>
        <SignUpForm />
      </AuthWords>
    </>
  );
}
