'use client';

import type { Profile } from '@tidings/api/user';
import { useRef } from 'react';
import { Dialog } from '@/look/dialog';
import { withDetails } from '@/words/detail-words';
import { useWords } from '@/words/words';
import { PeoplePicker } from './people-picker';
import { useOpenDirect } from './use-open-direct';

type NewChatDialogProps = { readonly open: boolean; onOpenChange(open: boolean): void; onClosed(): void };

export default withDetails(NewChatDialog);

function NewChatDialog({ open, onOpenChange, onClosed }: NewChatDialogProps) {
  const words = useWords('chats');
  const search = useRef<HTMLInputElement>(null);
  const openDirect = useOpenDirect();
  const pick = async (person: Profile) => {
    if (await openDirect(person.userId)) onOpenChange(false);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      onClosed={onClosed}
      title={words('newChat')}
      initialFocus={search}
      flush
    >
      <PeoplePicker searchRef={search} onPick={(person) => void pick(person)} />
    </Dialog>
  );
}
