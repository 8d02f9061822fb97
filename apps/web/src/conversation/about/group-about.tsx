'use client';

import type { PictureId } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { LogOut, Pencil, UserPlus } from 'lucide-react';
import { Suspense, useRef, useState } from 'react';
import { useChatCommands } from '@/chats/use-chat-commands';
import { useWords } from '@/words/words';
import { useEngine } from '../../engine/hooks';
import { Avatar } from '../../look/avatar';
import { IconButton } from '../../look/icon-button';
import { part } from '../../look/part';
import { PictureField } from '../../look/picture/picture-field';
import type { Panel } from '../conversation-view';
import styles from './about.module.css';
import { ChatRows } from './chat-rows';
import { GroupForm } from './group-form';
import { MemberList } from './member-list';
import { useMembers } from './use-members';

const AddPeople = part(() => import('./add-people'));
const ChatQuestion = part(() => import('@/chats/chat-question'));

type GroupAboutProps = { readonly conversation: LocalConversation; onPanel(panel: Panel): void };

export function GroupAbout({ conversation, onPanel }: GroupAboutProps) {
  const t = useWords('details.group');
  const scroller = useRef<HTMLDivElement>(null);
  const members = useMembers(conversation);
  const commands = useChatCommands();
  const [editing, setEditing] = useState(false);
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const engine = useEngine();
  const { group, role, removedSeq, conversationId } = conversation;
  if (!group) return null;
  const member = removedSeq === null;
  const admin = member && role !== 'member';
  const setPicture = async (iconId: PictureId | null) => {
    await engine.api.group.update.mutate({ conversationId, iconId });
    await engine.refresh(conversationId);
  };
  return (
    <div ref={scroller} className={styles.scroll}>
      <div className={styles.who}>
        {admin ? (
          <PictureField
            id={conversation.conversationId}
            name={group.name}
            kind="group"
            pictureId={group.iconId}
            onPicture={setPicture}
          />
        ) : (
          <Avatar
            id={conversation.conversationId}
            name={group.name}
            pictureId={group.iconId}
            kind="group"
            size="huge"
          />
        )}
        {editing ? (
          <GroupForm conversation={conversation} group={group} onDone={() => setEditing(false)} />
        ) : (
          <>
            <p className={styles.name} dir="auto">
              {group.name}
              {admin && (
                <IconButton label={t('edit')} size="small" onClick={() => setEditing(true)}>
                  <Pencil />
                </IconButton>
              )}
            </p>
            <p className={styles.soft}>{t('memberCount', { count: group.memberCount })}</p>
            {group.description !== '' && (
              <p className={styles.about} dir="auto">
                {group.description}
              </p>
            )}
          </>
        )}
      </div>
      <ChatRows conversation={conversation} onPanel={onPanel}>
        {admin && (
          <button type="button" className={styles.row} onClick={() => setAdding(true)}>
            <UserPlus aria-hidden="true" />
            {t('add')}
          </button>
        )}
        {member && (
          <button type="button" className={styles.row} data-danger onClick={() => setLeaving(true)}>
            <LogOut aria-hidden="true" />
            {t('leave')}
          </button>
        )}
      </ChatRows>
      {member && <MemberList conversation={conversation} view={members} scroller={scroller} />}
      {adding && (
        <Suspense>
          <AddPeople conversation={conversation} members={members} onClosed={() => setAdding(false)} />
        </Suspense>
      )}
      {leaving && (
        <Suspense>
          <ChatQuestion
            type="leave"
            chat={conversation}
            commands={commands}
            onClosed={() => setLeaving(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
