'use client';

import type { Profile } from '@tidings/api/user';
import { useRef } from 'react';
import { PeoplePicker } from '@/chats/people-picker';
import { useWords } from '@/words/words';
import { useEngine } from '../../engine/hooks';
import { Dialog } from '../../look/dialog';
import { toast } from '../../look/toast';
import type { AttachDialogProps } from './attach-dialog';

/** Chooses somebody whose card is sent. */
export default function ContactDialog({
  conversation,
  writing,
  open,
  onClose,
  onClosed,
  onSent,
}: AttachDialogProps) {
  const t = useWords('media.contact');
  const words = useWords('conversation');
  const engine = useEngine();
  const search = useRef<HTMLInputElement>(null);
  const send = async ({ userId: user, displayName: name }: Profile) => {
    onClose();
    const { replyTo } = writing;
    try {
      await engine.send(conversation.conversationId, {
        type: 'contact',
        contact: { user, name },
        text: '',
        ...(replyTo ? { replyTo } : {}),
      });
      onSent({ ...writing, text: '' });
    } catch {
      toast(words('deviceFull'), { kind: 'bad' });
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => !now && onClose()}
      onClosed={onClosed}
      title={t('title')}
      initialFocus={search}
      flush
    >
      <PeoplePicker searchRef={search} onPick={(person) => void send(person)} />
    </Dialog>
  );
}
