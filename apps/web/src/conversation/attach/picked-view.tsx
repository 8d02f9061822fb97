'use client';

import { TidingsError } from '@tidings/api/errors';
import { CircleAlert, Film } from 'lucide-react';
import type { Preparation, PreparationState } from '@/media/port';
import { useErrorText } from '@/words/error-text';
import { useByteSize } from '@/words/use-byte-size';
import { useWords } from '@/words/words';
import { Spinner } from '../../look/spinner';
import { clock } from '../media/clock';
import { FileIcon } from '../media/file-icon';
import styles from './picked-view.module.css';

type PickedViewProps = { readonly preparation: Preparation; readonly state: PreparationState | null };

/** The picked file that one looks at, large, with what will be sent of it; or why it can't be. */
export function PickedView({ preparation, state }: PickedViewProps) {
  const t = useWords('media.files');
  const errorText = useErrorText();
  const bytes = useByteSize();
  const { file } = preparation;
  if (state?.type === 'refused') {
    return (
      <div className={styles.view} role="alert">
        <CircleAlert aria-hidden="true" className={styles.bad} />
        <p className={styles.name} dir="auto">
          {file.name}
        </p>
        <p className={styles.about}>
          {state.code === 'bad-input' ? t('unreadable') : errorText(new TidingsError(state.code))}
        </p>
      </div>
    );
  }
  const duration = state?.type === 'ready' && state.durationMs ? clock(state.durationMs) : '';
  const size = state?.type === 'ready' ? bytes(state.size) : t('preparing');
  const about = [duration, size].filter(Boolean).join(' · ');
  if (state?.preview) {
    return (
      <figure className={styles.view} data-picture>
        {/* biome-ignore lint/performance/noImgElement: a picture of this device */}
        <img src={state.preview} alt={file.name} className={styles.picture} />
        <figcaption className={styles.caption}>
          {preparation.kind === 'video' && <Film aria-hidden="true" />}
          {about}
        </figcaption>
      </figure>
    );
  }
  return (
    <div className={styles.view}>
      {state?.type === 'working' && preparation.kind !== 'document' ? (
        <Spinner label={t('preparing')} />
      ) : (
        <FileIcon item={{ name: file.name, mime: file.type }} />
      )}
      <p className={styles.name} dir="auto">
        {file.name}
      </p>
      <p className={styles.about}>{about}</p>
    </div>
  );
}
