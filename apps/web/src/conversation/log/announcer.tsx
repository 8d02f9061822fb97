'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '@/words/words';
import { useSelf } from '../../engine/hooks';
import { VisuallyHidden } from '../../look/visually-hidden';
import { useName } from '../people';
import { unnamed } from '../text/use-summary';
import { useLastText } from './use-last-text';

/** Says each new message once to screen readers, apart from the lines, which come and go by scrolling. */
export default function Announcer({ conversation }: { readonly conversation: LocalConversation }) {
  const t = useWords('conversation');
  const self = useSelf();
  const { last, unread } = conversation;
  const [news, setNews] = useState<{ seq: number; count: number } | null>(null);
  const known = useRef({ seq: last?.seq ?? 0, unread });
  const { kind, text } = useLastText(last);
  const name = useName(last?.sender ?? null);
  // "Photo from Ann: at the harbour", and for words alone "Ann: at the harbour".
  const from = kind ? t('announcedFrom', { kind, name }) : name;
  const said = kind && !text ? from : t('announced', { name: from, text });

  useEffect(() => {
    const before = known.current;
    const seq = last?.seq ?? 0;
    known.current = { seq: Math.max(seq, before.seq), unread };
    if (!last || seq <= before.seq || last.kind !== 'message' || last.sender === self.userId) return;
    setNews({ seq, count: Math.max(1, unread - before.unread) });
  }, [last, unread, self]);

  // Said by then; left there, it would be found again by who reads the page line by line.
  useEffect(() => {
    if (!news) return;
    const timer = setTimeout(() => setNews(null), saidAfterMs);
    return () => clearTimeout(timer);
  }, [news]);

  const current = news && news.seq === last?.seq && kind !== unnamed ? news : null;
  return (
    <VisuallyHidden>
      <span aria-live="polite" aria-atomic="true">
        {current && (current.count > 1 ? t('announcedMany', { count: current.count, said }) : said)}
      </span>
    </VisuallyHidden>
  );
}

const saidAfterMs = 4_000;
