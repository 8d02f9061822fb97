'use client';

import type { Quote as QuoteContent } from '@tidings/api/content';
import { useWords } from '@/words/words';
import { hueInk } from '../../look/hue';
import { useNameOrYou } from '../people';
import { useScene } from '../scene';
import styles from './quote.module.css';

/** What a message answers to; a click goes there. */
export function Quote({ quote, tabIndex }: { readonly quote: QuoteContent; readonly tabIndex: number }) {
  const t = useWords('conversation');
  const scene = useScene();
  const name = useNameOrYou(quote.sender);
  return (
    <button
      type="button"
      className={styles.quote}
      tabIndex={tabIndex}
      style={{ '--hue': hueInk(quote.sender) } as React.CSSProperties}
      onClick={() => scene.jumpTo(quote.seq)}
      aria-label={t('goToQuoted', { name, text: quote.preview })}
    >
      <QuoteText name={name} preview={quote.preview} />
    </button>
  );
}

export function QuoteText({ name, preview }: { readonly name: string; readonly preview: string }) {
  return (
    <span className={styles.inner}>
      <span className={styles.name} dir="auto">
        {name}
      </span>
      <span className={styles.preview} dir="auto">
        {preview}
      </span>
    </span>
  );
}
