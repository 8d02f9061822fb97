'use client';

import { MessagesSquare } from 'lucide-react';
import { useProfile, useSelf } from '@/engine/hooks';
import { Button } from '@/look/button';
import { EmptyState } from '@/look/empty-state';
import { useWords } from '@/words/words';

/** The first minute: nobody to talk with yet. */
export function Welcome({ onNewChat, onNewGroup }: { onNewChat(): void; onNewGroup(): void }) {
  const words = useWords('chats');
  const self = useSelf();
  const name = useProfile(self.userId)?.displayName ?? self.displayName;
  return (
    <EmptyState
      picture={<MessagesSquare />}
      title={words('welcomeTitle', { name })}
      actions={
        <>
          <Button variant="primary" onClick={onNewChat}>
            {words('startChat')}
          </Button>
          <Button onClick={onNewGroup}>{words('startGroup')}</Button>
        </>
      }
    >
      {words('welcomeText')}
    </EmptyState>
  );
}
