'use client';

import type { Presence } from '@tidings/api/events';
import type { ConversationId, UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import type { ConnectionState, Engine, EngineState } from '@tidings/client/engine-port';
import type { LocalConversation } from '@tidings/client/local-store';
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { type ChatFilter, orderChats, unreadTotal } from './chats';
import { type Self, useClient } from './client';
import type { LocalReads } from './device-store';
import { allChats, oneChat, type Query } from './queries';
import type { Shown } from './screen';
import { share } from './sharing';

/** What to do goes through the engine; what to show comes from the other hooks here. */
export function useEngine(): Engine {
  return useClient().engine;
}

export function useSelf(): Self {
  return useClient().self;
}

/** Part of the engine's state; renders again when that part is another (by identity or, for plain data, by value). */
export function useEngineState<T>(select: (state: EngineState) => T): T {
  const { state } = useClient();
  const last = useRef<T>(undefined);
  const get = () => {
    last.current = share(last.current, select(state.get()));
    return last.current;
  };
  return useSyncExternalStore(state.subscribe, get, get);
}

export function useConnection(): ConnectionState {
  return useEngineState((state) => state.connection);
}

/** Of a user that is watched ({@link useShown}); `undefined` as long as nothing is known. */
export function usePresence(user: UserId | null): Presence | undefined {
  return useEngineState((state) => (user ? state.presence.get(user) : undefined));
}

const nobody: readonly UserId[] = [];

/** Who is typing in a conversation that is watched ({@link useShown}). */
export function useTyping(conversation: ConversationId): readonly UserId[] {
  return useEngineState((state) => state.typing.get(conversation) ?? nobody);
}

export function useTrouble(): EngineState['trouble'] {
  return useEngineState((state) => state.trouble);
}

/** Names what this view has on the screen, as long as it is mounted: presence and typing are heard of for that only. */
export function useShown(shown: Shown): void {
  const { screen } = useClient();
  const key = JSON.stringify(shown);
  useEffect(() => screen.show(JSON.parse(key) as Shown), [screen, key]);
}

/** Chats as the list shows them: pinned first (newest pin first), then by activity. `undefined` until they were read. */
export function useChats(filter: ChatFilter = 'all'): readonly LocalConversation[] | undefined {
  const all = useAllChats();
  return useMemo(() => (all ? orderChats(all, filter) : undefined), [all, filter]);
}

/** `undefined` until it was read, `null` when this device knows no such conversation. */
export function useConversation(id: ConversationId): LocalConversation | null | undefined {
  return useQuery(oneChat(id));
}

/** `undefined` until it is known; asks the server for it when it is missing or old. */
export function useProfile(user: UserId | null | undefined): Profile | undefined {
  const { people } = useClient();
  const subscribe = useCallback(
    (listener: () => void) => (user ? people.subscribe(user, listener) : () => {}),
    [people, user],
  );
  const get = () => (user ? people.get(user) : undefined);
  return useSyncExternalStore(subscribe, get, get);
}

/** Those of the asked that are known. The map is a new one only when one of them changed. */
export function useProfiles(users: readonly UserId[]): ReadonlyMap<UserId, Profile> {
  const { people } = useClient();
  const key = users.join(' ');
  const asked = useMemo(() => (key === '' ? [] : (key.split(' ') as UserId[])), [key]);
  const last = useRef<readonly (Profile | undefined)[]>([]);
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = asked.map((user) => people.subscribe(user, listener));
      return () => {
        for (const end of ends) end();
      };
    },
    [people, asked],
  );
  const get = () => {
    last.current = share(
      last.current,
      asked.map((user) => people.get(user)),
    );
    return last.current;
  };
  const profiles = useSyncExternalStore(subscribe, get, get);
  return useMemo(
    () => new Map(profiles.flatMap((profile) => (profile ? [[profile.userId, profile] as const] : []))),
    [profiles],
  );
}

/** Unread messages of the chats that are neither muted nor archived. */
export function useUnreadTotal(): number {
  const all = useAllChats();
  return useMemo(() => unreadTotal(all ?? [], Date.now()), [all]);
}

/** A live read of the local store. Whoever gives the same key means the same read. `undefined` until it was read once. */
export function useLive<T>(key: string, read: (reads: LocalReads) => Promise<T>): T | undefined {
  return useQuery({ key, read, keep: share });
}

/** As {@link useLive}, of a read that has a name. */
export function useQuery<T>(query: Query<T>): T | undefined {
  const live = useClient().queries.query(query);
  return useSyncExternalStore(live.subscribe, live.get, live.get);
}

/** In no particular order, account logs and archived chats included. */
export function useAllChats(): readonly LocalConversation[] | undefined {
  return useQuery(allChats);
}
