'use client';

import type { UserId } from '@tidings/api/ids';
import type { Profile } from '@tidings/api/user';
import type { LocalConversation } from '@tidings/client/local-store';
import { useMemo, useRef, useState } from 'react';
import { PeoplePicker } from '@/chats/people-picker';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import { useEngine } from '../../engine/hooks';
import { Button } from '../../look/button';
import { Dialog } from '../../look/dialog';
import { toast } from '../../look/toast';
import type { MembersView } from './use-members';

type AddPeopleProps = {
  readonly conversation: LocalConversation;
  readonly members: MembersView;
  onClosed(): void;
};

export default function AddPeople({ conversation, members, onClosed }: AddPeopleProps) {
  const t = useWords('details.group');
  const engine = useEngine();
  const errorText = useErrorText();
  const search = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(true);
  const [busy, setBusy] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<UserId>>(new Set());
  const present = useMemo(() => new Set(members.members.map((member) => member.userId)), [members.members]);
  const { conversationId } = conversation;

  const toggle = ({ userId }: Profile) => {
    const next = new Set(chosen);
    if (!next.delete(userId)) next.add(userId);
    setChosen(next);
  };
  const add = async () => {
    setBusy(true);
    try {
      await engine.api.group.add.mutate({ conversationId, userIds: [...chosen] });
      await engine.refresh(conversationId);
      members.reload();
      setOpen(false);
    } catch (error) {
      toast(errorText(error), { kind: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      onClosed={onClosed}
      title={t('add')}
      initialFocus={search}
      flush
      footer={
        <Button variant="primary" busy={busy} disabled={chosen.size === 0} onClick={() => void add()}>
          {t('add')}
        </Button>
      }
    >
      <PeoplePicker searchRef={search} chosen={chosen} without={present} onPick={toggle} />
    </Dialog>
  );
}
