'use client';

import type { ErrorCode } from '@tidings/api/errors';
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import type { BootPhase, BootSequence } from './boot-sequence';
import { ClientProvider } from './client';

export type BootProps = {
  readonly sequence: BootSequence;
  /** Shown until the local store is open (a few frames), and while going to another page. */
  readonly starting: ReactNode;
  readonly children: ReactNode;
};

/** Everything of a signed-in user stands inside of it; who isn't signed in is sent to `/sign-in`. */
export function Boot({ sequence: boot, starting, children }: BootProps) {
  const phase = useSyncExternalStore(boot.subscribe, boot.get, () => unknown);
  const ended = phase.type === 'ready' ? phase.ended : null;
  const session = useMemo<Session>(
    () => ({ signOut: () => boot.signOut(), unsent: () => boot.unsent(), ended }),
    [boot, ended],
  );
  if (phase.type !== 'ready') return starting;
  return (
    <SessionContext.Provider value={session}>
      <ClientProvider client={phase.client}>{children}</ClientProvider>
    </SessionContext.Provider>
  );
}

const unknown: BootPhase = { type: 'starting' };

/** The way out of the signed-in part. */
export type Session = {
  /**
   * Ends the session on the server, forgets everything local and goes to `/sign-in`. Rejects with `unavailable` when the server
   * can't be reached.
   */
  signOut(): Promise<void>;
  /** How many messages would be lost by signing out now: those that wait in the outbox. */
  unsent(): Promise<number>;
  /**
   * Set when there is no line any more and won't be one before the page is loaded again: `outdated-client` when this version is
   * too old to talk to the server. What is local still shows. Offer to reload.
   */
  readonly ended: ErrorCode | null;
};

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('this view stands outside of <Boot>');
  return session;
}
