'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { useProfile } from '../engine/hooks';
import { useName } from './people';

/** What a conversation is called: the group's name, or the other person's. */
export function useTitle(conversation: Pick<LocalConversation, 'peer' | 'group'>): string {
  const name = useName(conversation.peer);
  return conversation.group ? conversation.group.name : name;
}

/** The picture that stands for it. */
export function usePicture(conversation: Pick<LocalConversation, 'peer' | 'group'>) {
  const profile = useProfile(conversation.peer);
  return conversation.group ? conversation.group.iconId : (profile?.avatarId ?? null);
}
