'use client';

import { CircleAlert, Play, X } from 'lucide-react';
import type { Preparation, PreparationState } from '@/media/port';
import { useWords } from '@/words/words';
import { FileIcon } from '../media/file-icon';
import styles from './picked-tile.module.css';

type PickedTileProps = {
  readonly preparation: Preparation;
  readonly state: PreparationState | null;
  readonly current: boolean;
  onPress(): void;
  onRemove(): void;
};

/** One of the picked files, small. */
export function PickedTile({ preparation, state, current, onPress, onRemove }: PickedTileProps) {
  const t = useWords('media.files');
  const { file, kind } = preparation;
  const preview = state && state.type !== 'refused' ? state.preview : null;
  return (
    <li className={styles.tile} data-current={current || undefined}>
      <button
        type="button"
        className={styles.show}
        aria-label={t('show', { name: file.name })}
        aria-current={current || undefined}
        onClick={onPress}
      >
        {preview ? (
          // biome-ignore lint/performance/noImgElement: a picture of this device
          <img src={preview} alt="" className={styles.picture} />
        ) : (
          <FileIcon item={{ name: file.name, mime: file.type }} />
        )}
        {kind === 'video' && preview && <Play aria-hidden="true" className={styles.sign} />}
        {state?.type === 'refused' && <CircleAlert aria-hidden="true" className={styles.bad} />}
        {state?.type === 'working' && (
          <span className={styles.progress} style={{ scale: `${Math.max(0.04, state.fraction)} 1` }} />
        )}
      </button>
      <button
        type="button"
        className={styles.remove}
        aria-label={t('remove', { name: file.name })}
        onClick={onRemove}
      >
        <X aria-hidden="true" />
      </button>
    </li>
  );
}
