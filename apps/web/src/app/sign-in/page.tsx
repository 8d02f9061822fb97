import type { Metadata } from 'next';
import { SignInForm } from '@/auth/sign-in-form';

export const metadata: Metadata = { title: 'Sign in · Tidings' };

export default function Page() {
  return <SignInForm />;
}
