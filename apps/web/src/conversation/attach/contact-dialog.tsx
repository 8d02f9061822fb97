'use client';

import type { Profile } from '@tidings/api/user';
import { useRef } from 'react';
import { PeoplePicker } from '@/chats/people-picker';
import { useWords } from '@/words/words';
import { Dialog } from '../../look/dialog';
import type { AttachDialogProps } from './attach-dialog';
import { useSendAlong } from './use-send-along';

/** Chooses somebody whose card is sent. */
export default function ContactDialog(props: AttachDialogProps) {
  const t = useWords('media.contact');
  const sendAlong = useSendAlong(props);
  const search = useRef<HTMLInputElement>(null);
  const send = ({ userId: user, displayName: name }: Profile) =>
    void sendAlong({ type: 'contact', contact: { user, name }, text: '' });
  return (
    <Dialog
      open={props.open}
      onOpenChange={(now) => !now && props.onClose()}
      onClosed={props.onClosed}
      title={t('title')}
      initialFocus={search}
      flush
    >
      <PeoplePicker searchRef={search} onPick={send} />
    </Dialog>
  );
}
