'use client';

import type { ErrorCode } from '@tidings/api/errors';
import { createContext, type ReactNode, useContext } from 'react';

export type BootProps = {
  /** Shown until the local store is open: a few frames. */
  readonly starting: ReactNode;
  readonly children: ReactNode;
};

/** The way out of the signed-in part. */
export type Session = {
  /** Ends the session on the server (where it can be reached), forgets everything local and goes to `/sign-in`. */
  signOut(): Promise<void>;
  /** How many messages would be lost by signing out now: those that wait in the outbox. */
  unsent(): Promise<number>;
  /** Set when the session was ended elsewhere, or this version is too old: a dialog that doesn't go away. */
  readonly ended: ErrorCode | null;
};

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('this view stands outside of <Boot>');
  return session;
}
