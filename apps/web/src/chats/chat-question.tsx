'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { useState } from 'react';
import { useTitle } from '@/conversation/use-title';
import { ConfirmDialog } from '@/look/confirm-dialog';
import { withDetails } from '@/words/detail-words';
import { useWords } from '@/words/words';
import type { ChatCommands } from './use-chat-commands';

export type ChatQuestionType = 'clear' | 'delete' | 'leave';

type ChatQuestionProps = {
  readonly type: ChatQuestionType;
  readonly chat: LocalConversation;
  readonly commands: ChatCommands;
  onClosed(): void;
};

/** Asked before a chat is emptied or left. */
export default withDetails(ChatQuestion);

function ChatQuestion({ type, chat, commands, onClosed }: ChatQuestionProps) {
  const words = useWords('details.chatQuestion');
  const title = useTitle(chat);
  const [open, setOpen] = useState(true);
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={setOpen}
      onClosed={onClosed}
      title={words(`${type}Title`, { title })}
      action={words(type)}
      danger
      onConfirm={() => (type === 'leave' ? commands.leave(chat) : commands.clear(chat))}
    >
      {words(`${type}Text`)}
    </ConfirmDialog>
  );
}
