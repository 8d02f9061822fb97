'use client';

import type { TextContent } from '@tidings/api/content';
import type { ConversationId } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { useMemo, useState } from 'react';
import { useWords } from '@/words/words';
import { useChats, useEngine, useProfiles } from '../../engine/hooks';
import { Avatar } from '../../look/avatar';
import { Button } from '../../look/button';
import { Dialog } from '../../look/dialog';
import { SearchField } from '../../look/search-field';
import { toast } from '../../look/toast';
import { openChat } from '../../shell/navigation';
import { usePicture, useTitle } from '../use-title';
import type { OverlayProps } from './delete-dialog';
import styles from './dialogs.module.css';
import { forwarded } from './forwarded';

type ForwardDialogProps = OverlayProps & { readonly content: TextContent; readonly from: ConversationId };

/** So many chats at once: passing on to everybody should take a moment. */
const mostChats = 5;

/** Passes the words of a message on to other chats. */
export default function ForwardDialog({ open, onClose, onClosed, content, from }: ForwardDialogProps) {
  const t = useWords('conversation.forward');
  const look = useWords('look');
  const engine = useEngine();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<readonly ConversationId[]>([]);
  const chats = useFoundChats(query);
  const toggle = (id: ConversationId) =>
    setChosen((before) => (before.includes(id) ? before.filter((other) => other !== id) : [...before, id]));

  const send = async () => {
    onClose();
    try {
      for (const chat of chosen) await engine.send(chat, forwarded(content));
      const [only] = chosen;
      if (chosen.length === 1 && only !== undefined && only !== from) openChat(only);
      else toast(t('done', { count: chosen.length }));
    } catch {
      toast(t('failed'), { kind: 'bad' });
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => !now && onClose()}
      onClosed={onClosed}
      title={t('title')}
      flush
      footer={
        <Button variant="primary" disabled={chosen.length === 0} onClick={() => void send()}>
          {t('send', { count: chosen.length })}
        </Button>
      }
    >
      <div className={styles.search}>
        <SearchField label={t('search')} clearLabel={look('clear')} value={query} onValue={setQuery} />
      </div>
      <ul className={styles.list} aria-label={t('chats')}>
        {chats.map((chat) => (
          <li key={chat.conversationId}>
            <Choice
              chat={chat}
              checked={chosen.includes(chat.conversationId)}
              disabled={chosen.length >= mostChats && !chosen.includes(chat.conversationId)}
              onToggle={() => toggle(chat.conversationId)}
            />
          </li>
        ))}
      </ul>
      {chats.length === 0 && <p className={styles.nobody}>{t('none')}</p>}
    </Dialog>
  );
}

type ChoiceProps = {
  readonly chat: LocalConversation;
  readonly checked: boolean;
  readonly disabled: boolean;
  onToggle(): void;
};

function Choice({ chat, checked, disabled, onToggle }: ChoiceProps) {
  const title = useTitle(chat);
  const picture = usePicture(chat);
  return (
    <label className={styles.choice}>
      <Avatar
        id={chat.peer ?? chat.conversationId}
        name={title}
        pictureId={picture}
        kind={chat.kind === 'group' ? 'group' : 'person'}
        size="small"
      />
      <span className={styles.name} dir="auto">
        {title}
      </span>
      <input type="checkbox" checked={checked} disabled={disabled} onChange={onToggle} />
    </label>
  );
}

/** Chats that one may write to, by any part of their title. */
function useFoundChats(query: string): readonly LocalConversation[] {
  const chats = useChats('all');
  const peers = useMemo(() => (chats ?? []).flatMap((chat) => chat.peer ?? []), [chats]);
  const profiles = useProfiles(peers);
  const wanted = query.trim().toLocaleLowerCase();
  return (chats ?? []).filter((chat) => {
    const title = chat.group?.name ?? (chat.peer ? profiles.get(chat.peer)?.displayName : '') ?? '';
    return chat.removedSeq === null && title.toLocaleLowerCase().includes(wanted);
  });
}
