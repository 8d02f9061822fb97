'use client';

import type { Seq } from '@tidings/api/ids';
import { Download, Link, MessageSquareText } from 'lucide-react';
import { useByteSize } from '@/words/use-byte-size';
import { useWords } from '@/words/words';
import { IconButton } from '../../look/icon-button';
import { FileIcon } from '../media/file-icon';
import { useSave } from '../media/use-save';
import { useNameOrYou } from '../people';
import { useScene } from '../scene';
import { useTimes } from '../time/use-times';
import styles from './gallery.module.css';
import type { GalleryItem } from './use-gallery';

type GalleryRowProps = { readonly item: GalleryItem; onJump(target: Seq): void };

/** A link or a document of the gallery, with the way to its message. */
export function GalleryRow({ item, onJump }: GalleryRowProps) {
  const t = useWords('media');
  const scene = useScene();
  const times = useTimes();
  const bytes = useByteSize();
  const save = useSave(scene.id);
  const sender = useNameOrYou(item.entry.sender);
  const when = times.moment(item.entry.sentAt);
  const jump = (
    <IconButton label={t('gallery.jump')} onClick={() => onJump(item.entry.seq)}>
      <MessageSquareText />
    </IconButton>
  );
  if (item.type === 'link') {
    const address = item.url.replace(/^https?:\/\//, '').replace(/\/$/, '');
    return (
      <div className={styles.row}>
        <span className={styles.icon} aria-hidden="true">
          <Link />
        </span>
        <a
          href={item.url}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className={styles.words}
          dir="auto"
        >
          <span className={styles.name}>{address}</span>
          <span className={styles.about}>{`${sender} · ${when}`}</span>
        </a>
        {jump}
      </div>
    );
  }
  const name = item.item.name || t('kinds.one.document');
  return (
    <div className={styles.row}>
      <FileIcon item={item.item} />
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {name}
        </span>
        <span className={styles.about}>{[bytes(item.item.file.size), sender, when].join(' · ')}</span>
      </span>
      <IconButton label={t('document.download', { name })} onClick={() => void save(item.item)}>
        <Download />
      </IconButton>
      {jump}
    </div>
  );
}
