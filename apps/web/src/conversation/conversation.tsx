'use client';

import type { ConversationId } from '@tidings/api/ids';
import { useConversation } from '../engine/hooks';
import { ConversationView } from './conversation-view';
import { MissingConversation, OpeningConversation } from './placeholders';

export type ConversationProps = { readonly conversationId: ConversationId };

/** One open chat: its header, messages and composer. */
export function Conversation({ conversationId }: ConversationProps) {
  const conversation = useConversation(conversationId);
  if (conversation === undefined) return <OpeningConversation />;
  if (conversation === null) return <MissingConversation id={conversationId} />;
  return <ConversationView key={conversationId} conversation={conversation} />;
}
