'use client';

import type { SentContent } from '@tidings/api/content';
import { useWords } from '@/words/words';
import { useEngine } from '../../engine/hooks';
import { toast } from '../../look/toast';
import type { AttachDialogProps } from './attach-dialog';

/** Sends what a dialog chose as a message without words, in reply to what is answered, and closes the dialog. */
export function useSendAlong({ conversation, writing, onClose, onSent }: AttachDialogProps) {
  const words = useWords('conversation');
  const engine = useEngine();
  return async (content: SentContent): Promise<void> => {
    onClose();
    const { replyTo } = writing;
    try {
      await engine.send(conversation.conversationId, { ...content, ...(replyTo && { replyTo }) });
      onSent({ ...writing, text: '' });
    } catch {
      toast(words('deviceFull'), { kind: 'bad' });
    }
  };
}
