'use client';

import type { MediaContent } from '@tidings/api/content';
import type { MediaItem } from '@tidings/api/media';
import type { LocalConversation, LocalEntry } from '@tidings/client/local-store';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from '../../engine/client';
import { useConnection } from '../../engine/hooks';
import type { Found } from '../media/media-log';
import { isVisual } from '../media/sizes';
import { mayHoldLink } from '../text/linked';
import { linksIn } from '../text/links-in';
import { GalleryLog } from './gallery-log';

export type GalleryTab = 'media' | 'links' | 'documents';

export type GalleryItem = { readonly key: string; readonly entry: LocalEntry } & (
  | {
      readonly type: 'item';
      readonly content: MediaContent;
      readonly item: MediaItem;
      readonly index: number;
    }
  | { readonly type: 'link'; readonly url: string }
);

export type GalleryView = {
  readonly items: readonly GalleryItem[];
  /** `more`: there may be more; `offline`: there may be, and that needs a connection. */
  readonly state: 'loading' | 'more' | 'offline' | 'end';
  loadMore(): void;
};

/** So many more at a time. */
const pageItems = 48;

/** What a conversation carries, the newest first, as far as somebody scrolled. */
export function useGallery(conversation: LocalConversation, tab: GalleryTab): GalleryView {
  const { engine, store } = useClient();
  const live = useConnection().type === 'live';
  const id = conversation.conversationId;
  const [items, setItems] = useState<readonly GalleryItem[]>([]);
  const [state, setState] = useState<GalleryView['state']>('loading');
  const log = useRef<GalleryLog>(null);
  const busy = useRef(false);

  const loadMore = useCallback(async () => {
    const reader = log.current;
    if (!reader || busy.current) return;
    busy.current = true;
    setState('loading');
    let found = 0;
    try {
      while (found < pageItems) {
        const page = await reader.next();
        if (log.current !== reader) return;
        if (!page) return setState('end');
        const more = page.flatMap((message) => itemsIn(message, tab));
        found += more.length;
        if (more.length > 0) setItems((before) => [...before, ...more]);
      }
      setState('more');
    } catch {
      if (log.current === reader) setState('offline');
    } finally {
      busy.current = false;
    }
  }, [tab]);

  useEffect(() => {
    const loadOlder = (before: Parameters<typeof engine.loadOlder>[1]) => engine.loadOlder(id, before, 200);
    log.current = new GalleryLog({ reads: store, loadOlder }, id);
    busy.current = false;
    setItems([]);
    void loadMore();
    return () => {
      log.current = null;
    };
  }, [engine, store, id, loadMore]);

  useEffect(() => {
    if (live && state === 'offline') void loadMore();
  }, [live, state, loadMore]);

  return { items, state, loadMore: () => void loadMore() };
}

function itemsIn({ entry, content }: Found, tab: GalleryTab): readonly GalleryItem[] {
  if (tab === 'links') {
    if (content.type === 'unknown' || !mayHoldLink(content.text)) return [];
    return linksIn(content.text).map((url, index) => ({
      type: 'link',
      key: `${entry.seq} ${index}`,
      entry,
      url,
    }));
  }
  if (content.type !== 'media') return [];
  const wanted = (item: MediaItem) =>
    tab === 'media' ? isVisual(item) : item.kind === 'document' || item.kind === 'audio';
  return content.items.flatMap((item, index) =>
    wanted(item)
      ? [{ type: 'item' as const, key: `${entry.seq} ${index}`, entry, content, item, index }]
      : [],
  );
}
