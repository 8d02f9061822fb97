'use client';

import { ImagePlus } from 'lucide-react';
import { useWords } from '@/words/words';
import { MediaWords } from '../media/media-words';
import styles from './drop-overlay.module.css';

/** Over a conversation while files are held above it. Takes no part in the dragging itself. */
export function DropOverlay() {
  return (
    <MediaWords>
      <Overlay />
    </MediaWords>
  );
}

function Overlay() {
  const t = useWords('media.attach');
  return (
    <div className={styles.overlay}>
      <div className={styles.card}>
        <ImagePlus aria-hidden="true" />
        <p>{t('drop')}</p>
      </div>
    </div>
  );
}
