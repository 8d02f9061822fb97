'use client';

import type { Profile } from '@tidings/api/user';
import { useEffect, useMemo, useState } from 'react';
import { useChats, useEngine, useProfiles } from '@/engine/hooks';
import { matches } from './matching';

export type PeopleFound = {
  readonly people: readonly Profile[];
  readonly state: 'searching' | 'done' | 'failed';
  /** Why, when it failed: those found are from this device only. */
  readonly error: unknown;
};

const debounceMs = 180;
const none: readonly Profile[] = [];

/** People by name: those with whom there is a chat at once and also offline, then whom the server finds. */
export function usePeopleSearch(query: string): PeopleFound {
  const contacts = useContacts();
  const [found, setFound] = useState<{
    readonly query: string;
    readonly people: readonly Profile[];
    readonly error: unknown;
  }>();
  const engine = useEngine();
  const wanted = query.trim();

  useEffect(() => {
    if (wanted === '') return;
    let current = true;
    const timer = setTimeout(() => {
      engine.api.user.search.query({ query: wanted.slice(0, 60) }).then(
        (people) => current && setFound({ query: wanted, people, error: null }),
        (error) => current && setFound({ query: wanted, people: none, error }),
      );
    }, debounceMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [engine, wanted]);

  return useMemo(() => {
    const known = contacts.filter((person) => matches(wanted, person.displayName, person.username));
    if (wanted === '') return { people: known, state: 'done', error: null };
    const answered = found?.query === wanted;
    // What was found for the beginning of this query is shown on, as far as it fits, until the answer is there.
    const others = (found?.people ?? none).filter(
      (person) => answered || matches(wanted, person.displayName, person.username),
    );
    const ids = new Set(known.map((person) => person.userId));
    const people = [...known, ...others.filter((person) => !ids.has(person.userId))];
    const error = answered ? found.error : null;
    return { people, state: !answered ? 'searching' : error ? 'failed' : 'done', error };
  }, [contacts, found, wanted]);
}

/** Those with whom there is a chat on this device, the newest first. */
export function useContacts(): readonly Profile[] {
  const chats = useChats('all');
  const peers = useMemo(() => (chats ?? []).flatMap((chat) => chat.peer ?? []), [chats]);
  const profiles = useProfiles(peers);
  return useMemo(() => peers.flatMap((peer) => profiles.get(peer) ?? []), [peers, profiles]);
}
