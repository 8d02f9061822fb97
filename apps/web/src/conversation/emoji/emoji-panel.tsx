'use client';

import { EmojiPicker } from 'frimousse';
import type { AriaAttributes } from 'react';
import { useLanguage, useWords } from '@/words/words';
import { resolveEmoji } from './emoji-data';
import styles from './emoji-panel.module.css';

/** All emoji, to be looked for by name. */
export function EmojiPanel({ onPick }: { onPick(emoji: string): void }) {
  const t = useWords('conversation.emoji');
  const { language } = useLanguage();
  return (
    <EmojiPicker.Root
      className={styles.panel}
      locale={language}
      columns={8}
      resolveEmojiData={resolveEmoji}
      onEmojiSelect={({ emoji }) => onPick(emoji)}
    >
      <div className={styles.head}>
        <EmojiPicker.Search className={styles.search} aria-label={t('search')} placeholder={t('search')} />
        <EmojiPicker.SkinToneSelector className={styles.tone} aria-label={t('skinTone')} />
      </div>
      <EmojiPicker.Viewport className={styles.viewport}>
        <EmojiPicker.Loading className={styles.note}>{t('loading')}</EmojiPicker.Loading>
        <EmojiPicker.Empty className={styles.note}>{t('none')}</EmojiPicker.Empty>
        <EmojiPicker.List
          className={styles.list}
          components={{
            CategoryHeader: ({ category, ...props }) => (
              <div {...props} className={styles.category}>
                {category.label}
              </div>
            ),
            Row: ({ children, ...props }) => (
              <div {...fromOne(props)} className={styles.row}>
                {children}
              </div>
            ),
            Emoji: ({ emoji, ...props }) => (
              <button {...fromOne(props)} className={styles.emoji} data-active={emoji.isActive || undefined}>
                {emoji.emoji}
              </button>
            ),
          }}
        />
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  );
}

/** The library counts rows and columns from 0, screen readers from 1. */
function fromOne<T extends AriaAttributes>(props: T): T {
  const { 'aria-rowindex': row, 'aria-colindex': column } = props;
  return {
    ...props,
    ...(row === undefined ? {} : { 'aria-rowindex': row + 1 }),
    ...(column === undefined ? {} : { 'aria-colindex': column + 1 }),
  };
}
