'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import type { Seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { useEffect, useMemo, useRef } from 'react';
import { useFormats, useWords } from '@/words/words';
import { EmptyState } from '../../look/empty-state';
import { Spinner } from '../../look/spinner';
import { useRemPx } from '../../look/use-rem';
import styles from './gallery.module.css';
import { GalleryCell } from './gallery-cell';
import { GalleryRow } from './gallery-row';
import { type GalleryItem, type GalleryTab, useGallery } from './use-gallery';

type GalleryProps = {
  readonly conversation: LocalConversation;
  readonly tab: GalleryTab;
  onJump(target: Seq): void;
};

const perRow = 3;

/** A line of the list: a month, a row of pictures, or one thing. */
type Line =
  | { readonly type: 'month'; readonly key: string; readonly at: number }
  | { readonly type: 'items'; readonly key: string; readonly items: readonly GalleryItem[] };

/** What a tab holds, by months. Only what is near the screen is in the page, and more comes as one scrolls. */
export function Gallery({ conversation, tab, onJump }: GalleryProps) {
  const t = useWords('media.gallery');
  const look = useWords('look');
  const format = useFormats();
  const rem = useRemPx();
  const scroller = useRef<HTMLDivElement>(null);
  const { items, state, loadMore } = useGallery(conversation, tab);
  const lines = useMemo(() => linesOf(items, tab === 'media' ? perRow : 1), [items, tab]);
  const width = scroller.current?.clientWidth ?? 380;
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) =>
      lines[index]?.type === 'month' ? 2.25 * rem : tab === 'media' ? width / perRow : 4.25 * rem,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 4,
  });
  const shown = virtualizer.getVirtualItems();
  const atEnd = (shown.at(-1)?.index ?? 0) >= lines.length - 3;
  useEffect(() => {
    if (atEnd && state === 'more') loadMore();
  }, [atEnd, state, loadMore]);

  return (
    <div ref={scroller} className={styles.scroll}>
      {items.length === 0 && state !== 'loading' && (
        <EmptyState title={t(`empty.${tab}`)}>{state === 'offline' ? t('offline') : null}</EmptyState>
      )}
      <ul
        className={styles.lines}
        style={{ height: virtualizer.getTotalSize() }}
        aria-label={t(`tabs.${tab}`)}
      >
        {shown.map((virtual) => {
          const line = lines[virtual.index];
          if (!line) return null;
          const place = { height: virtual.size, translate: `0 ${virtual.start}px` };
          return line.type === 'month' ? (
            <li key={virtual.key} className={styles.month} style={place}>
              {format.dateTime(line.at, { month: 'long', year: 'numeric' })}
            </li>
          ) : (
            <li key={virtual.key} className={styles.line} style={place}>
              {line.items.map((item) =>
                tab === 'media' ? (
                  <GalleryCell key={item.key} item={item} />
                ) : (
                  <GalleryRow key={item.key} item={item} onJump={onJump} />
                ),
              )}
            </li>
          );
        })}
      </ul>
      <div role="status" className={styles.note}>
        {state === 'loading' && <Spinner label={look('loading')} />}
        {state === 'offline' && items.length > 0 && t('offline')}
      </div>
    </div>
  );
}

function linesOf(items: readonly GalleryItem[], most: number): readonly Line[] {
  const lines: Line[] = [];
  let month = '';
  let open: GalleryItem[] = [];
  const close = () => {
    if (open[0]) lines.push({ type: 'items', key: open[0].key, items: open });
    open = [];
  };
  for (const item of items) {
    const sent = new Date(item.entry.sentAt);
    const key = `${sent.getFullYear()}-${sent.getMonth()}`;
    if (key !== month) {
      close();
      lines.push({ type: 'month', key, at: item.entry.sentAt });
      month = key;
    }
    open.push(item);
    if (open.length === most) close();
  }
  close();
  return lines;
}
