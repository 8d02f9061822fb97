'use client';

import { type ErrorCode, TidingsError } from '@tidings/api/errors';
import { CircleAlert, Download } from 'lucide-react';
import { useErrorText } from '@/words/error-text';
import { useByteSize } from '@/words/use-byte-size';
import { useWords } from '@/words/words';
import { useScene } from '../scene';
import styles from './fetching.module.css';
import { useHolder } from './holder';
import { Ring } from './ring';
import type { FileView } from './use-file';

type FetchingProps = { readonly view: FileView; readonly size: number; readonly what: string };

/** Over a picture that isn't here: how far it is, or a way to bring it. Nothing when it is here or doesn't come ({@link Failure}). */
export function Fetching({ view, size, what }: FetchingProps) {
  const t = useWords('media.fetching');
  const { tabIndex } = useHolder();
  const bytes = useByteSize();
  const { state } = view;
  switch (state.type) {
    case 'here':
      return null;
    case 'fetching':
      return (
        <Ring
          value={state.total > 0 ? state.received / state.total : null}
          label={t('progress', { what })}
          cancelLabel={t('cancel')}
          onCancel={view.cancel}
          tabIndex={tabIndex}
        />
      );
    case 'absent':
      return (
        <button
          type="button"
          className={styles.bring}
          tabIndex={tabIndex}
          aria-label={t('bring', { what, size: bytes(size) })}
          onClick={view.fetch}
        >
          <Download aria-hidden="true" />
          {bytes(size)}
        </button>
      );
    case 'failed':
      return null;
  }
}

/** `unshowable`: it is here, and is nothing that this browser can show. */
export type FailureCode = ErrorCode | 'unshowable';

type FailureProps = { readonly code: FailureCode; onRetry(): void; onSave(): void };

/** Below a file that didn't come, or can't be shown: why, and what can be done. */
export function Failure({ code, onRetry, onSave }: FailureProps) {
  const t = useWords('media.failed');
  const errorText = useErrorText();
  const scene = useScene();
  const { row, own, tabIndex } = useHolder();
  const gone = code === 'asset-broken' || code === 'not-found';
  const sentence = gone || code === 'unshowable' ? t(code) : errorText(new TidingsError(code));
  const asks = gone && !own && scene.open;
  return (
    <span className={styles.failure} data-failure>
      <span className={styles.sentence}>
        <CircleAlert aria-hidden="true" />
        {sentence}
      </span>
      <span className={styles.ways}>
        {code === 'unshowable' ? (
          <button type="button" tabIndex={tabIndex} onClick={onSave}>
            {t('save')}
          </button>
        ) : (
          <button type="button" tabIndex={tabIndex} onClick={onRetry}>
            {t('retry')}
          </button>
        )}
        {asks && (
          <button type="button" tabIndex={tabIndex} onClick={() => scene.askAgain(row)}>
            {t('ask')}
          </button>
        )}
      </span>
    </span>
  );
}
