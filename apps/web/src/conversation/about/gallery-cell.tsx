'use client';

import { CircleAlert, Play } from 'lucide-react';
import { useWords } from '@/words/words';
import { clock } from '../media/clock';
import { rowOf } from '../media/media-log';
import { blurOf } from '../media/thumbhash';
import { pictureOf, usePicture } from '../media/use-picture';
import { useNameOrYou } from '../people';
import { useScene } from '../scene';
import { useTimes } from '../time/use-times';
import styles from './gallery.module.css';
import type { GalleryItem } from './use-gallery';

/** A picture or video of the gallery; a press shows it large, and from there one comes to its message. */
export function GalleryCell({ item }: { readonly item: GalleryItem }) {
  const t = useWords('media.gallery');
  const scene = useScene();
  const times = useTimes();
  const name = useNameOrYou(item.entry.sender);
  if (item.type !== 'item') return null;
  const { entry, index } = item;
  const video = item.item.kind === 'video';
  const blur = blurOf(item.item.thumbhash);
  const picture = pictureOf(item.item);
  return (
    <button
      type="button"
      className={styles.cell}
      aria-label={t(video ? 'video' : 'photo', { name, when: times.moment(entry.sentAt) })}
      style={blur ? { backgroundImage: `url("${blur}")` } : undefined}
      onClick={() => scene.openMedia(rowOf(entry), index)}
    >
      {picture && <Picture file={picture} />}
      {video && (
        <span className={styles.duration}>
          <Play aria-hidden="true" />
          {item.item.durationMs !== undefined && clock(item.item.durationMs)}
        </span>
      )}
    </button>
  );
}

function Picture({ file }: { readonly file: NonNullable<ReturnType<typeof pictureOf>> }) {
  const scene = useScene();
  const view = usePicture(scene.id, file);
  if (view.failure) return <CircleAlert aria-hidden="true" className={styles.bad} />;
  // biome-ignore lint/performance/noImgElement: decrypted on this device
  return view.url ? <img src={view.url} alt="" draggable={false} onError={view.onError} /> : null;
}
