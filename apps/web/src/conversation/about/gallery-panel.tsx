'use client';

import { Tabs } from '@base-ui/react/tabs';
import type { Seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { useState } from 'react';
import { useWords } from '@/words/words';
import { Gallery } from './gallery';
import styles from './gallery.module.css';
import type { GalleryTab } from './use-gallery';

type GalleryPanelProps = { readonly conversation: LocalConversation; onJump(target: Seq): void };

const tabs: readonly GalleryTab[] = ['media', 'links', 'documents'];

/** Everything that was sent in a chat besides words. */
export function GalleryPanel({ conversation, onJump }: GalleryPanelProps) {
  const t = useWords('media.gallery');
  const [tab, setTab] = useState<GalleryTab>('media');
  return (
    <Tabs.Root className={styles.tabs} value={tab} onValueChange={(next) => setTab(next as GalleryTab)}>
      <Tabs.List className={styles.list} aria-label={t('title')}>
        {tabs.map((value) => (
          <Tabs.Tab key={value} value={value} className={styles.tab}>
            {t(`tabs.${value}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((value) => (
        <Tabs.Panel key={value} value={value} className={styles.panel}>
          {value === tab && <Gallery conversation={conversation} tab={value} onJump={onJump} />}
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}
