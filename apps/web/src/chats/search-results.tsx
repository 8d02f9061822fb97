'use client';

import type { Profile } from '@tidings/api/user';
import type { LocalConversation } from '@tidings/client/local-store';
import { type RefObject, useMemo } from 'react';
import { excerpt } from '@/conversation/about/search-text';
import { useName } from '@/conversation/people';
import { usePicture, useTitle } from '@/conversation/use-title';
import { useChats, useProfiles, useSelf } from '@/engine/hooks';
import { Avatar } from '@/look/avatar';
import { Spinner } from '@/look/spinner';
import { openChat } from '@/shell/navigation';
import { withDetails } from '@/words/detail-words';
import { useWords } from '@/words/words';
import { ChatList } from './chat-list';
import row from './chat-row.module.css';
import { firstName } from './first-name';
import { useListTime } from './list-time';
import { matches } from './matching';
import { usePeopleSearch } from './people-search';
import { isShort, type MessageHit, useMessageSearch } from './search-messages';
import styles from './search-results.module.css';
import { useOpenDirect } from './use-open-direct';

type SearchResultsProps = {
  readonly query: string;
  readonly scroller: RefObject<HTMLElement | null>;
  onOpen(): void;
};

/** Chats and people whose name fits, and messages that this device holds. */
export default withDetails(SearchResults);

function SearchResults({ query, scroller, onOpen }: SearchResultsProps) {
  const words = useWords('chats');
  const results = useWords('details.results');
  const all = useEveryChat();
  const chats = useMatchingChats(all, query);
  const people = usePeopleSearch(query);
  const messages = useMessageSearch(query, all);
  const strangers = useMemo(() => {
    const known = new Set(chats.flatMap((chat) => chat.peer ?? []));
    return people.people.filter((person) => !known.has(person.userId));
  }, [chats, people]);
  const searching = people.state === 'searching' || messages.searching;
  const count = chats.length + strangers.length + messages.hits.length;
  return (
    <div className={styles.results}>
      <p className={styles.status} role="status" data-quiet={count > 0 || undefined}>
        {searching && count === 0 && <Spinner />}
        {count > 0
          ? results('found', { count })
          : searching
            ? results('searching')
            : results(isShort(query) ? 'short' : 'nothing', { query: query.trim() })}
      </p>
      {chats.length > 0 && (
        <Section title={words('title')}>
          <ChatList label={words('title')} chats={chats} scroller={scroller} onOpen={onOpen} />
        </Section>
      )}
      {strangers.length > 0 && (
        <Section title={results('people')}>
          <ul aria-label={results('people')}>
            {strangers.map((person) => (
              <li key={person.userId}>
                <PersonHit person={person} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {messages.hits.length > 0 && (
        <Section title={results('messages')}>
          <ul aria-label={results('messages')}>
            {messages.hits.map((found) => (
              <li key={`${found.chat.conversationId} ${found.hit.entry.seq}`}>
                <MessageHitRow found={found} query={query} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section>
      <h2 className={styles.title}>{title}</h2>
      {children}
    </section>
  );
}

function PersonHit({ person, onOpen }: { readonly person: Profile; onOpen(): void }) {
  const status = useWords('conversation.status');
  const openDirect = useOpenDirect();
  const open = async () => {
    if (await openDirect(person.userId)) onOpen();
  };
  return (
    <div className={row.row}>
      <button type="button" className={`${row.link} ${styles.button}`} onClick={() => void open()}>
        <Avatar id={person.userId} name={person.displayName} pictureId={person.avatarId} />
        <span className={row.words}>
          <span className={row.title} dir="auto">
            {person.displayName}
          </span>
          <span className={row.line}>
            @{person.username}
            {person.bot && ` · ${status('bot')}`}
          </span>
        </span>
      </button>
    </div>
  );
}

type MessageHitRowProps = { readonly found: MessageHit; readonly query: string; onOpen(): void };

function MessageHitRow({ found: { chat, hit }, query, onOpen }: MessageHitRowProps) {
  const words = useWords('chats');
  const results = useWords('details.results');
  const self = useSelf();
  const time = useListTime();
  const title = useTitle(chat);
  const picture = usePicture(chat);
  const name = useName(hit.entry.sender);
  const [before, match, after] = excerpt(hit.text, query);
  const sender = hit.entry.sender === self.userId ? results('you') : firstName(name);
  const open = () => {
    openChat(chat.conversationId, hit.entry.seq);
    onOpen();
  };
  return (
    <div className={row.row}>
      <button type="button" className={`${row.link} ${styles.button}`} onClick={open}>
        <Avatar
          id={chat.peer ?? chat.conversationId}
          name={title}
          pictureId={picture}
          kind={chat.kind === 'group' ? 'group' : 'person'}
        />
        <span className={row.words}>
          <span className={row.top}>
            <span className={row.title} dir="auto">
              {title}
            </span>
            <span className={row.time}>{time(hit.entry.sentAt)}</span>
          </span>
          <span className={row.line}>
            {words('by', { name: sender })} {endOf(before)}
            <mark className={styles.mark}>{match}</mark>
            {after}
          </span>
        </span>
      </button>
    </div>
  );
}

/** A row is short: what was found has to be in it. */
const endOf = (text: string): string =>
  text.length > 20 ? `…${text.slice(-18).replace(/^\S*\s/, '')}` : text;

/** Archived ones included: who searches doesn't think of where a chat was put. */
function useEveryChat(): readonly LocalConversation[] {
  const current = useChats('all');
  const archived = useChats('archived');
  return useMemo(() => [...(current ?? []), ...(archived ?? [])], [current, archived]);
}

function useMatchingChats(chats: readonly LocalConversation[], query: string): readonly LocalConversation[] {
  const peers = useMemo(() => chats.flatMap((chat) => chat.peer ?? []), [chats]);
  const profiles = useProfiles(peers);
  return useMemo(
    () =>
      chats.filter((chat) => {
        const peer = chat.peer ? profiles.get(chat.peer) : undefined;
        return matches(query, chat.group?.name ?? '', peer?.displayName ?? '', peer?.username ?? '');
      }),
    [chats, profiles, query],
  );
}
