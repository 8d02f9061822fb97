'use client';

import { Ban, Forward, PackageOpen } from 'lucide-react';
import { useWords } from '@/words/words';
import type { MessageRow } from '../../engine/message-rows';
import { MediaPart } from '../media/media-part';
import { parsedContent } from '../text/content';
import styles from './body.module.css';
import { MessageText } from './message-text';
import { Quote } from './quote';

type BodyProps = { readonly row: MessageRow; readonly own: boolean; readonly tabIndex: number };

/** What a message says, whatever variety it is of. */
export function Body({ row, own, tabIndex }: BodyProps) {
  const t = useWords('conversation');
  if (row.type === 'entry' && row.entry.deleted) {
    return (
      <span className={styles.gone}>
        <Ban aria-hidden="true" />
        {t(own ? 'youDeletedThis' : 'thisWasDeleted')}
      </span>
    );
  }
  const content = parsedContent(row);
  if (content.type === 'unknown') {
    return (
      <>
        {content.fallback !== '' && (
          <MessageText text={content.fallback} foldKey={row.key} tabIndex={tabIndex} />
        )}
        <span className={styles.gone}>
          <PackageOpen aria-hidden="true" />
          {t('notSupported')}
        </span>
      </>
    );
  }
  return (
    <>
      {content.forwarded !== undefined && (
        <span className={styles.forwarded}>
          <Forward aria-hidden="true" />
          {t(content.forwarded > 4 ? 'forwardedOften' : 'forwarded')}
        </span>
      )}
      {content.replyTo && <Quote quote={content.replyTo} tabIndex={tabIndex} />}
      {content.type !== 'text' && (
        <span className={styles.carried}>
          <MediaPart row={row} content={content} own={own} tabIndex={tabIndex} />
        </span>
      )}
      {(content.type === 'text' || content.text !== '') && (
        <MessageText text={content.text} foldKey={row.key} tabIndex={tabIndex} />
      )}
    </>
  );
}
