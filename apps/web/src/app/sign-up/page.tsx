import type { Metadata } from 'next';
import { SignUpForm } from '@/auth/sign-up-form';

export const metadata: Metadata = { title: 'Make an account · Tidings' };

export default function Page() {
  return <SignUpForm />;
}
