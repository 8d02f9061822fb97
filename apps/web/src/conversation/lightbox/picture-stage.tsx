'use client';

import type { MediaItem } from '@tidings/api/media';
import { type Ref, useImperativeHandle, useRef, useState } from 'react';
import { useWords } from '@/words/words';
import { Failure } from '../media/fetching';
import { useHolder } from '../media/holder';
import { Ring } from '../media/ring';
import { blurOf } from '../media/thumbhash';
import { useFile, useOpened } from '../media/use-file';
import { useSave } from '../media/use-save';
import styles from './lightbox.module.css';
import { useZoom } from './use-zoom';

export type StageHandle = { larger(): void; smaller(): void };

type PictureStageProps = {
  readonly item: MediaItem;
  readonly swipes: Parameters<typeof useZoom>[1];
  readonly ref: Ref<StageHandle>;
};

/** One picture, in whole at first. It is fetched whatever the rules say: somebody wants to see it. */
export function PictureStage({ item, swipes, ref }: PictureStageProps) {
  const t = useWords('media');
  const { conversation, tabIndex } = useHolder();
  const frame = useRef<HTMLDivElement>(null);
  const [unshowable, setUnshowable] = useState(false);
  const view = useFile(conversation, 'image', item.file);
  const shown = useOpened(conversation, item.file, { here: view.state.type === 'here', fetches: true });
  const save = useSave(conversation);
  const { zoom, moving, larger, smaller, handlers } = useZoom(frame, swipes);
  useImperativeHandle(ref, () => ({ larger, smaller }));
  const { width = 4, height = 3 } = item;
  const picture = shown.type === 'shown' && shown.mime.startsWith('image/') && !unshowable;
  const code =
    shown.type === 'failed'
      ? shown.code
      : shown.type === 'shown' && !picture
        ? ('unshowable' as const)
        : null;
  const blur = blurOf(item.thumbhash);
  return (
    <div ref={frame} className={styles.frame} data-zoomed={zoom.scale > 1 || undefined} {...handlers}>
      <div
        className={styles.picture}
        data-moving={moving || undefined}
        style={{
          aspectRatio: `${width} / ${height}`,
          // As large as the frame has room for, and not beyond its own pixels when these are few.
          width: `min(100%, ${(width / height) * 100}cqh)`,
          maxWidth: Math.max(width, 480),
          transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})`,
          ...(blur && !picture ? { backgroundImage: `url("${blur}")` } : {}),
        }}
      >
        {picture && (
          // biome-ignore lint/performance/noImgElement: decrypted on this device
          <img
            src={shown.url}
            alt={t('kinds.one.image')}
            draggable={false}
            onError={() => setUnshowable(true)}
          />
        )}
      </div>
      {view.state.type === 'fetching' && (
        <div className={styles.over}>
          <Ring
            value={view.state.total > 0 ? view.state.received / view.state.total : null}
            label={t('fetching.progress', { what: t('kinds.one.image') })}
            tabIndex={tabIndex}
          />
        </div>
      )}
      {code && (
        <div className={styles.over}>
          <Failure code={code} onRetry={view.fetch} onSave={() => void save(item)} />
        </div>
      )}
    </div>
  );
}
