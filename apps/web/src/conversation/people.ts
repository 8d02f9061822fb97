'use client';

import type { UserId } from '@tidings/api/ids';
import { useWords } from '@/words/words';
import { useProfile, useProfiles, useSelf } from '../engine/hooks';

/** What somebody is called; a placeholder until it is known. */
export function useName(user: UserId | null): string {
  const t = useWords('conversation');
  return useProfile(user)?.displayName ?? t('someone');
}

/** As {@link useName}, and "You" for oneself. */
export function useNameOrYou(user: UserId): string {
  const t = useWords('conversation');
  const self = useSelf();
  const name = useName(user);
  return user === self.userId ? t('you') : name;
}

/** What each of them is called, in the order asked. */
export function useNames(users: readonly UserId[]): readonly string[] {
  const t = useWords('conversation');
  const profiles = useProfiles(users);
  return users.map((user) => profiles.get(user)?.displayName ?? t('someone'));
}
