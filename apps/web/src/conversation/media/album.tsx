'use client';

import type { MediaItem } from '@tidings/api/media';
import { CircleAlert, Play } from 'lucide-react';
import type { CSSProperties } from 'react';
import { useWords } from '@/words/words';
import { classNames } from '../../look/class-names';
import { useScene } from '../scene';
import styles from './album.module.css';
import { clock } from './clock';
import { Failure, Fetching } from './fetching';
import { useHolder } from './holder';
import { Sending } from './sending';
import { mostCells, sizeOf } from './sizes';
import { blurOf } from './thumbhash';
import { pictureOf, usePicture } from './use-picture';
import { useSave } from './use-save';

/** An item of a message and its place among all of them. */
export type Placed = { readonly item: MediaItem; readonly index: number };

/** Pictures and videos: one in its own proportion, several in a grid. The box is as large before they are here as after. */
export function Album({ items }: { readonly items: readonly Placed[] }) {
  const { sending } = useHolder();
  const size = sizeOf({ type: 'media', text: '', items: items.map(({ item }) => item) });
  if (!size?.box) return null;
  const { width, height } = size.box;
  const shown = items.slice(0, mostCells);
  const style: CSSProperties = { width, aspectRatio: `${width} / ${height}` };
  return (
    <>
      <span className={styles.album} data-count={shown.length} style={style}>
        {shown.map((placed, index) => (
          <Cell
            key={`${placed.index} ${placed.item.file.asset}`}
            placed={placed}
            of={items.length}
            more={index === mostCells - 1 ? items.length - mostCells : 0}
          />
        ))}
        {sending && (
          <span className={styles.middle}>
            <Sending client={sending} />
          </span>
        )}
      </span>
      {!sending && (
        <span className={styles.failures}>
          {items.map(({ item, index }) => (
            <CellFailure key={`${index} ${item.file.asset}`} item={item} />
          ))}
        </span>
      )}
    </>
  );
}

type CellProps = {
  readonly placed: Placed;
  /** How many there are in the message. */
  readonly of: number;
  /** How many this one stands for besides itself. */
  readonly more: number;
};

function Cell({ placed: { item, index }, of, more }: CellProps) {
  const t = useWords('media.album');
  const scene = useScene();
  const { row, tabIndex, sending } = useHolder();
  const video = item.kind === 'video';
  const duration = item.durationMs === undefined ? null : clock(item.durationMs);
  const place = { at: index + 1, of };
  const what = t(video ? 'video' : 'photo', place);
  const blur = blurOf(item.thumbhash);
  const picture = pictureOf(item);
  return (
    <span className={styles.cell} style={blur ? { backgroundImage: `url("${blur}")` } : undefined}>
      {picture && <Picture item={item} file={picture} what={what} quiet={sending !== null || more > 0} />}
      <button
        type="button"
        className={styles.open}
        tabIndex={tabIndex}
        aria-label={more > 0 ? t('more', { count: more + 1 }) : t(video ? 'play' : 'open', place)}
        onClick={() => scene.openMedia(row, index)}
      />
      {video && !sending && more === 0 && (
        <span className={styles.play} aria-hidden="true">
          <Play />
        </span>
      )}
      {video && more === 0 && duration && (
        <span className={styles.duration} aria-hidden="true">
          {duration}
        </span>
      )}
      {more > 0 && (
        <span className={styles.more} aria-hidden="true">
          +{more + 1}
        </span>
      )}
    </span>
  );
}

type PictureProps = {
  readonly item: MediaItem;
  readonly file: NonNullable<ReturnType<typeof pictureOf>>;
  readonly what: string;
  /** Says nothing of how it comes. */
  readonly quiet: boolean;
};

function Picture({ item, file, what, quiet }: PictureProps) {
  const { conversation } = useHolder();
  const view = usePicture(conversation, file);
  return (
    <>
      {view.url && (
        // biome-ignore lint/performance/noImgElement: decrypted on this device
        <img
          src={view.url}
          alt={what}
          className={classNames(styles.picture, !item.thumbhash && styles.sudden)}
          draggable={false}
          decoding="async"
          onError={view.onError}
        />
      )}
      {!quiet && item.kind === 'image' && !view.failure && view.file.state.type !== 'here' && (
        <span className={styles.middle}>
          <Fetching view={view.file} size={item.file.size} what={what} />
        </span>
      )}
      {view.failure && (
        <span className={styles.middle} aria-hidden="true">
          <CircleAlert className={styles.alert} />
        </span>
      )}
    </>
  );
}

/** One panel for an album, of the first that failed (the others are hidden by the style sheet). */
function CellFailure({ item }: { readonly item: MediaItem }) {
  const file = pictureOf(item);
  return file && <FailureOf item={item} file={file} />;
}

function FailureOf({ item, file }: Pick<PictureProps, 'item' | 'file'>) {
  const { conversation } = useHolder();
  const view = usePicture(conversation, file);
  const save = useSave(conversation);
  if (!view.failure) return null;
  return <Failure code={view.failure} onRetry={view.retry} onSave={() => void save(item)} />;
}
