'use client';

import { parseContent } from '@tidings/api/content';
import { type Seq, seq } from '@tidings/api/ids';
import type { LocalConversation, LocalEntry } from '@tidings/client/local-store';
import { useWords } from '@/words/words';
import type { LocalReads } from '../../engine/device-store';
import { useLive } from '../../engine/hooks';
import styles from './about.module.css';
import { MessageHit } from './message-hit';

type StarredPanelProps = { readonly conversation: LocalConversation; onJump(target: Seq): void };

/** The messages of a chat that one has starred, the newest first. */
export function StarredPanel({ conversation, onJump }: StarredPanelProps) {
  const t = useWords('conversation.starredList');
  const entries = useLive(`starred ${conversation.conversationId}`, (reads) => starred(reads, conversation));
  if (!entries) return null;
  return (
    <div className={styles.scroll}>
      {entries.length === 0 && <p className={styles.note}>{t('none')}</p>}
      <ul className={styles.hits} aria-label={t('list')}>
        {entries.map((entry) => (
          <li key={entry.seq}>
            <MessageHit entry={entry} parts={[textOf(entry), '', '']} onPress={() => onJump(entry.seq)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

const pageLines = 1_000;

async function starred(reads: LocalReads, conversation: LocalConversation): Promise<readonly LocalEntry[]> {
  const found: LocalEntry[] = [];
  for (let last = conversation.head; last >= 1; ) {
    const lines = await reads.lines(conversation.conversationId, seq(1), last, 'newest', pageLines);
    found.push(...lines.filter((line) => line.starredAt !== undefined && !line.deleted).reverse());
    const lowest = lines[0]?.seq;
    if (lowest === undefined || lowest <= 1 || lines.length < pageLines) break;
    last = seq(lowest - 1);
  }
  return found;
}

function textOf(entry: LocalEntry): string {
  const content = parseContent(entry.content);
  return content.type === 'text' ? content.text.slice(0, 400) : content.fallback;
}
