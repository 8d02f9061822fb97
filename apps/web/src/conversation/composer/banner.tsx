'use client';

import { Pencil, Reply, X } from 'lucide-react';
import { useWords } from '@/words/words';
import { hueInk } from '../../look/hue';
import { IconButton } from '../../look/icon-button';
import { QuoteText } from '../message/quote';
import { useNameOrYou } from '../people';
import { preview } from '../text/shorten';
import styles from './banner.module.css';
import type { Writing } from './writing';

type BannerProps = { readonly writing: Writing; onCancel(): void };

/** Above the composer: what is answered to, or changed. */
export default function Banner({ writing, onCancel }: BannerProps) {
  if (writing.editing) return <EditBanner text={writing.editing.original.text} onCancel={onCancel} />;
  if (writing.replyTo) return <ReplyBanner quote={writing.replyTo} onCancel={onCancel} />;
  return null;
}

function EditBanner({ text, onCancel }: { readonly text: string; onCancel(): void }) {
  const t = useWords('conversation.composer');
  return (
    <div className={styles.banner} style={{ '--hue': 'var(--accent)' } as React.CSSProperties}>
      <Pencil aria-hidden="true" className={styles.icon} />
      <div className={styles.words}>
        <QuoteText name={t('editing')} preview={preview(text, 200)} />
      </div>
      <IconButton label={t('cancelEdit')} onClick={onCancel} keys="Esc">
        <X />
      </IconButton>
    </div>
  );
}

type ReplyBannerProps = { readonly quote: NonNullable<Writing['replyTo']>; onCancel(): void };

function ReplyBanner({ quote, onCancel }: ReplyBannerProps) {
  const t = useWords('conversation.composer');
  const name = useNameOrYou(quote.sender);
  return (
    <div className={styles.banner} style={{ '--hue': hueInk(quote.sender) } as React.CSSProperties}>
      <Reply aria-hidden="true" className={styles.icon} />
      <div className={styles.words}>
        <QuoteText name={t('replyingTo', { name })} preview={quote.preview} />
      </div>
      <IconButton label={t('cancelReply')} onClick={onCancel} keys="Esc">
        <X />
      </IconButton>
    </div>
  );
}
