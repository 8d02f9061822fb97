'use client';

import { Archive } from 'lucide-react';
import type { RefObject } from 'react';
import { useChats } from '@/engine/hooks';
import { EmptyState } from '@/look/empty-state';
import { useWords } from '@/words/words';
import { ChatList } from './chat-list';
import { ChatsSkeleton } from './chats-skeleton';

export function ArchivedChats({ scroller }: { readonly scroller: RefObject<HTMLElement | null> }) {
  const words = useWords('chats');
  const chats = useChats('archived');
  if (!chats) return <ChatsSkeleton />;
  if (chats.length > 0) return <ChatList label={words('archiveTitle')} chats={chats} scroller={scroller} />;
  return (
    <EmptyState picture={<Archive />} title={words('archiveEmpty')}>
      {words('archiveEmptyText')}
    </EmptyState>
  );
}
