'use client';

import type { ConversationId } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { Check } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useId, useMemo, useState } from 'react';
import { matches } from '@/chats/matching';
import styles from '@/chats/people-picker.module.css';
import { useWords } from '@/words/words';
import { useChats, useProfiles } from '../../engine/hooks';
import { Avatar } from '../../look/avatar';
import { SearchField } from '../../look/search-field';
import { usePicture, useTitle } from '../use-title';

type ChatPickerProps = {
  readonly chosen: ReadonlySet<ConversationId>;
  /** Adds or takes away. */
  onToggle(chat: ConversationId): void;
  readonly searchRef: RefObject<HTMLInputElement | null>;
};

/** A search field over the chats that one may write to. The keys stay in the field: arrows move, Enter chooses. */
export function ChatPicker({ chosen, onToggle, searchRef }: ChatPickerProps) {
  const t = useWords('details.forward');
  const look = useWords('look');
  const id = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const chats = useFoundChats(query);
  const at = Math.min(active, chats.length - 1);

  useEffect(() => {
    if (at >= 0) document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, at]);

  const onKeyDown = (event: KeyboardEvent) => {
    const chat = chats[at];
    if (event.key === 'Enter' && chat) onToggle(chat.conversationId);
    else if (event.key === 'ArrowDown') setActive(Math.min(chats.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(0, at - 1));
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles.picker}>
      <div className={styles.search}>
        <SearchField
          ref={searchRef}
          label={t('search')}
          clearLabel={look('clear')}
          value={query}
          onValue={(value) => {
            setQuery(value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          aria-controls={`${id}-chats`}
          aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        />
      </div>
      <div
        id={`${id}-chats`}
        role="listbox"
        aria-label={t('chats')}
        aria-multiselectable
        className={styles.list}
      >
        {chats.map((chat, index) => (
          <ChatOption
            key={chat.conversationId}
            id={`${id}-${index}`}
            chat={chat}
            active={index === at}
            chosen={chosen.has(chat.conversationId)}
            onPick={() => onToggle(chat.conversationId)}
          />
        ))}
      </div>
      <div role="status" className={styles.note}>
        {chats.length === 0 && t('none')}
      </div>
    </div>
  );
}

type ChatOptionProps = {
  readonly id: string;
  readonly chat: LocalConversation;
  readonly active: boolean;
  readonly chosen: boolean;
  onPick(): void;
};

function ChatOption({ id, chat, active, chosen, onPick }: ChatOptionProps) {
  const title = useTitle(chat);
  const picture = usePicture(chat);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search field has the keys
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      className={styles.option}
      data-active={active || undefined}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <Avatar
        id={chat.peer ?? chat.conversationId}
        name={title}
        pictureId={picture}
        kind={chat.kind === 'group' ? 'group' : 'person'}
      />
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {title}
        </span>
      </span>
      <span className={styles.check} data-on={chosen || undefined}>
        {chosen && <Check aria-hidden="true" />}
      </span>
    </div>
  );
}

/** Chats that one may write to, by the beginnings of the words of their title. */
function useFoundChats(query: string): readonly LocalConversation[] {
  const chats = useChats('all');
  const peers = useMemo(() => (chats ?? []).flatMap((chat) => chat.peer ?? []), [chats]);
  const profiles = useProfiles(peers);
  return (chats ?? []).filter((chat) => {
    const title = chat.group?.name ?? (chat.peer ? profiles.get(chat.peer)?.displayName : '') ?? '';
    return chat.removedSeq === null && matches(query, title);
  });
}
