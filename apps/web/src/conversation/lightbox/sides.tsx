'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect } from 'react';
import { useWords } from '@/words/words';
import { useClient } from '../../engine/client';
import { IconButton } from '../../look/icon-button';
import { useHolder } from '../media/holder';
import type { Sight } from '../media/media-log';
import styles from './lightbox.module.css';

type SidesProps = {
  readonly before: Sight | null;
  readonly after: Sight | null;
  onGo(direction: 1 | -1): void;
};

/** The ways to the pictures on both sides. Those are fetched ahead, as far as the rules allow. */
export function Sides({ before, after, onGo }: SidesProps) {
  const t = useWords('media.lightbox');
  const { media } = useClient();
  const { conversation } = useHolder();
  useEffect(() => {
    for (const sight of [before, after]) {
      const item = sight?.content.items[sight.index];
      if (item?.kind === 'image' && media.rules.allows('image', item.file.size))
        media.fetch(conversation, item.file);
    }
  }, [media, conversation, before, after]);
  return (
    <>
      {before && (
        <IconButton label={t('previous')} className={styles.previous} onClick={() => onGo(-1)}>
          <ChevronLeft />
        </IconButton>
      )}
      {after && (
        <IconButton label={t('next')} className={styles.next} onClick={() => onGo(1)}>
          <ChevronRight />
        </IconButton>
      )}
    </>
  );
}
