'use client';

import { type Seq, seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { useEffect, useState } from 'react';
import { useWords } from '@/words/words';
import { useClient } from '../../engine/client';
import { SearchField } from '../../look/search-field';
import { Spinner } from '../../look/spinner';
import styles from './about.module.css';
import { MessageHit } from './message-hit';
import { excerpt, type Hit, searchLog } from './search-text';

type SearchPanelProps = { readonly conversation: LocalConversation; onJump(target: Seq): void };

const mostHits = 100;
const typingMs = 200;

/** Looks for words in what this device holds of the chat. */
export function SearchPanel({ conversation, onJump }: SearchPanelProps) {
  const t = useWords('details.search');
  const look = useWords('look');
  const [query, setQuery] = useState('');
  const { hits, searching } = useSearch(conversation, query);
  return (
    <>
      <div className={styles.searchBox}>
        <SearchField
          autoFocus
          label={t('label')}
          clearLabel={look('clear')}
          value={query}
          onValue={setQuery}
        />
      </div>
      <div className={styles.scroll}>
        <p className={styles.note} role="status" hidden={query.trim() === ''}>
          {searching ? <Spinner label={look('loading')} /> : t('found', { count: hits.length })}
        </p>
        <ul className={styles.hits} aria-label={t('results')}>
          {hits.map((hit) => (
            <li key={hit.entry.seq}>
              <MessageHit
                entry={hit.entry}
                parts={excerpt(hit.text, query)}
                onPress={() => onJump(hit.entry.seq)}
              />
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

function useSearch(conversation: LocalConversation, query: string) {
  const { store } = useClient();
  const [found, setFound] = useState<{ hits: readonly Hit[]; searching: boolean }>({
    hits: [],
    searching: false,
  });
  const { conversationId, head, clearedSeq } = conversation;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what comes while one searches waits for the next search.
  useEffect(() => {
    if (query.trim() === '') return setFound({ hits: [], searching: false });
    let wanted = true;
    const timer = setTimeout(async () => {
      setFound({ hits: [], searching: true });
      const hits: Hit[] = [];
      const from = {
        conversation: conversationId,
        first: seq(clearedSeq + 1),
        last: head,
        query,
        most: mostHits,
      };
      for await (const page of searchLog(store, from)) {
        if (!wanted) return;
        hits.push(...page);
        if (page.length > 0) setFound({ hits: hits.slice(0, mostHits), searching: true });
      }
      if (wanted) setFound({ hits: hits.slice(0, mostHits), searching: false });
    }, typingMs);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [store, conversationId, query]);
  return found;
}
