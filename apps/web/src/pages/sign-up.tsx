import Head from 'next/head';
import { SignUpForm } from '@/auth/sign-up-form';

export default function Page() {
  return (
    <>
      <Head>
        <title>Make an account · Tidings</title>
      </Head>
      <SignUpForm />
    </>
  );
}
