'use client';

import type { GroupRole } from '@tidings/api/content';
import type { Member } from '@tidings/api/conversation';
import type { LocalConversation } from '@tidings/client/local-store';
import { Crown, MessageCircle, Shield, ShieldOff, UserMinus } from 'lucide-react';
import { type ReactNode, Suspense, useState } from 'react';
import { useOpenDirect } from '@/chats/use-open-direct';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import { useEngine } from '../../engine/hooks';
import type { MenuEntry } from '../../look/menu-board';
import { part } from '../../look/part';
import { toast } from '../../look/toast';
import { memberPermissions } from './member-permissions';

const ConfirmDialog = part(async () => ({
  default: (await import('../../look/confirm-dialog')).ConfirmDialog,
}));

type MemberMenuSources = {
  readonly conversation: LocalConversation;
  readonly member: Member;
  readonly name: string;
  /** The group is another now. */
  onChanged(): void;
};

/** What the user may do about a member of a group. */
export function useMemberMenu({ conversation, member, name, onChanged }: MemberMenuSources) {
  const t = useWords('details.group');
  const engine = useEngine();
  const errorText = useErrorText();
  const openDirect = useOpenDirect();
  const [asking, setAsking] = useState<'remove' | 'owner' | null>(null);
  const { conversationId } = conversation;
  const target = { conversationId, userId: member.userId };
  const may = memberPermissions(conversation.role, member.role);

  const change = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await engine.refresh(conversationId);
      onChanged();
    } catch (error) {
      toast(errorText(error), { kind: 'bad' });
      throw error;
    }
  };
  const setRole = (role: GroupRole) => change(() => engine.api.group.setRole.mutate({ ...target, role }));
  const quietly = (work: Promise<unknown>) => void work.catch(() => {});

  const entries = (): readonly MenuEntry[] => {
    const all: (MenuEntry | false)[] = [
      { label: t('message'), icon: <MessageCircle />, onSelect: () => void openDirect(member.userId) },
      may.makeAdmin && { label: t('makeAdmin'), icon: <Shield />, onSelect: () => quietly(setRole('admin')) },
      may.dismiss && {
        label: t('dismissAdmin'),
        icon: <ShieldOff />,
        onSelect: () => quietly(setRole('member')),
      },
      may.makeOwner && { label: t('makeOwner'), icon: <Crown />, onSelect: () => setAsking('owner') },
      may.remove && {
        label: t('remove'),
        icon: <UserMinus />,
        danger: true,
        onSelect: () => setAsking('remove'),
      },
    ];
    return all.filter((entry) => entry !== false);
  };

  const dialogs: ReactNode = asking && (
    <Suspense>
      <ConfirmDialog
        open
        onOpenChange={(open) => !open && setAsking(null)}
        title={t(asking === 'remove' ? 'removeTitle' : 'ownerTitle', { name })}
        action={t(asking === 'remove' ? 'remove' : 'makeOwner')}
        danger={asking === 'remove'}
        onConfirm={() =>
          asking === 'remove' ? change(() => engine.api.group.remove.mutate(target)) : setRole('owner')
        }
      >
        {t(asking === 'remove' ? 'removeText' : 'ownerText')}
      </ConfirmDialog>
    </Suspense>
  );
  return { entries, dialogs };
}
