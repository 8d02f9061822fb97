'use client';

import type { MessageContent } from '@tidings/api/content';
import { Suspense } from 'react';
import type { MessageRow } from '../../engine/message-rows';
import { ErrorBoundary } from '../../look/error-boundary';
import { part } from '../../look/part';
import styles from './media-part.module.css';
import { sizeOf } from './sizes';

const MediaBody = part(() => import('./media-body'));

export type MediaPartProps = {
  readonly row: MessageRow;
  readonly content: Exclude<MessageContent, { type: 'text' | 'unknown' }>;
  readonly own: boolean;
  readonly tabIndex: number;
};

/** What a message carries besides words. Its code comes with the first one; the room for it is there at once. */
export function MediaPart(props: MediaPartProps) {
  const reserved = <Reserved content={props.content} />;
  return (
    <ErrorBoundary fallback={() => reserved}>
      <Suspense fallback={reserved}>
        <MediaBody {...props} />
      </Suspense>
    </ErrorBoundary>
  );
}

function Reserved({ content }: { readonly content: MessageContent }) {
  const size = sizeOf(content);
  if (!size) return null;
  const { box, rows } = size;
  return (
    <>
      {box && (
        <span
          className={styles.box}
          style={{ width: box.width, aspectRatio: `${box.width} / ${box.height}` }}
        />
      )}
      {rows > 0 && <span className={styles.rows} style={{ height: rows }} />}
    </>
  );
}
