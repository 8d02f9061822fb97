'use client';

import type { DeviceId, UserId } from '@tidings/api/ids';
import { createContext, type ReactNode, useContext } from 'react';
import type { Media } from '../media/port';
import type { DeviceStore } from './device-store';
import type { LiveQueries } from './live-queries';
import type { People } from './people';
import type { Screen } from './screen';
import type { StateMirror } from './state-mirror';
import type { TabEngine } from './tabs/tab-engine';
import type { WindowsAhead } from './windows-ahead';

/** Everything that the views of a signed-in user stand on; one per tab. */
export type Client = {
  readonly self: Self;
  readonly engine: TabEngine;
  readonly store: DeviceStore;
  readonly queries: LiveQueries;
  readonly people: People;
  readonly screen: Screen;
  readonly windows: WindowsAhead;
  readonly media: Media;
  readonly state: StateMirror;
  /** Stops everything and takes all that this user left on this device away. */
  forget(): Promise<void>;
};

/** Who is signed in, known without asking anybody. The profile (`useProfile(self.userId)`) has the newest name and picture. */
export type Self = {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly username: string;
  readonly displayName: string;
};

const ClientContext = createContext<Client | null>(null);

export function ClientProvider({
  client,
  children,
}: {
  readonly client: Client;
  readonly children: ReactNode;
}) {
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error('this view stands outside of <Boot>');
  return client;
}
