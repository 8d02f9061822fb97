'use client';

import { parseContent } from '@tidings/api/content';
import type { Seq } from '@tidings/api/ids';
import type { LocalConversation, LocalEntry } from '@tidings/client/local-store';
import { useEffect, useMemo, useRef } from 'react';
import { useWords } from '@/words/words';
import type { LocalReads } from '../../engine/device-store';
import { useConnection, useEngine, useLive } from '../../engine/hooks';
import { inOne, useSummary } from '../text/use-summary';
import styles from './about.module.css';
import { MessageHit } from './message-hit';

type StarredPanelProps = { readonly conversation: LocalConversation; onJump(target: Seq): void };

/** So many are shown: who stars more looks for words instead. */
const mostShown = 200;

/** The messages of a chat that one has starred, the newest first. Those that this device doesn't hold are fetched. */
export function StarredPanel({ conversation, onJump }: StarredPanelProps) {
  const t = useWords('details.starredList');
  const id = conversation.conversationId;
  const starred = useLive(`starred ${id}`, (reads) => readStarred(reads, id));
  const missing = useFetched(conversation, starred?.missing ?? []);
  if (!starred) return null;
  const { entries } = starred;
  return (
    <div className={styles.scroll}>
      {entries.length === 0 && missing === 0 && <p className={styles.note}>{t('none')}</p>}
      <ul className={styles.hits} aria-label={t('list')}>
        {entries.map((entry) => (
          <li key={entry.seq}>
            <StarredHit entry={entry} onPress={() => onJump(entry.seq)} />
          </li>
        ))}
      </ul>
      {missing > 0 && <p className={styles.note}>{t('elsewhere', { count: missing })}</p>}
    </div>
  );
}

type Starred = { readonly entries: readonly LocalEntry[]; readonly missing: readonly Seq[] };

async function readStarred(reads: LocalReads, id: LocalConversation['conversationId']): Promise<Starred> {
  const [seqs, conversation] = await Promise.all([reads.starred(id), reads.conversation(id)]);
  const shown = seqs.slice(0, mostShown);
  const lines = await Promise.all(shown.map((seq) => reads.lines(id, seq, seq, 'newest', 1)));
  const isHeld = (seq: Seq) => conversation?.ranges.some(({ first, last }) => first <= seq && seq <= last);
  return {
    entries: lines.flat().filter((line) => !line.deleted),
    missing: shown.filter((seq) => !isHeld(seq)),
  };
}

/** Fetches what isn't here, one after the other, as long as there is a line. Answers how many are still to come. */
function useFetched(conversation: LocalConversation, missing: readonly Seq[]): number {
  const engine = useEngine();
  const live = useConnection().type === 'live';
  const asked = useRef(new Set<Seq>());
  const next = missing.find((seq) => !asked.current.has(seq));
  useEffect(() => {
    if (!live || next === undefined) return;
    asked.current.add(next);
    // Without a line it stays where it is, and the count below the list says so.
    void engine.loadAround(conversation.conversationId, next).catch(() => asked.current.delete(next));
  }, [engine, conversation.conversationId, live, next]);
  return missing.length;
}

function StarredHit({ entry, onPress }: { readonly entry: LocalEntry; onPress(): void }) {
  const content = useMemo(() => parseContent(entry.content), [entry.content]);
  const text = inOne(useSummary(content, mostCharacters));
  return <MessageHit entry={entry} parts={[text, '', '']} onPress={onPress} />;
}

const mostCharacters = 400;
