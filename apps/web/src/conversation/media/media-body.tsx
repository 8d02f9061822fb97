'use client';

import type { MediaContent } from '@tidings/api/content';
import { useMemo } from 'react';
import { useScene } from '../scene';
import { Album } from './album';
import { ContactCard } from './contact-card';
import { FileRow } from './file-row';
import { type Holder, HolderProvider } from './holder';
import type { MediaPartProps } from './media-part';
import { MediaWords } from './media-words';
import { PlaceCard } from './place-card';
import { isVisual } from './sizes';
import { SoundRow } from './sound-row';

/** What a message carries besides words, whatever it is. */
export default function MediaBody({ row, content, own, tabIndex }: MediaPartProps) {
  const scene = useScene();
  const holder = useMemo<Holder>(
    () => ({
      conversation: scene.id,
      row,
      sender: row.type === 'entry' ? row.entry.sender : scene.self,
      own,
      seq: row.seq,
      sending: row.type === 'outbox' && row.item.state.type !== 'failed' ? row.item.clientId : null,
      tabIndex,
    }),
    [scene, row, own, tabIndex],
  );
  return (
    <MediaWords>
      <HolderProvider value={holder}>
        {content.type === 'media' && <Items content={content} />}
        {content.type === 'place' && <PlaceCard place={content.place} />}
        {content.type === 'contact' && <ContactCard contact={content.contact} />}
      </HolderProvider>
    </MediaWords>
  );
}

/** Pictures and videos in one box, the rest in rows below it. */
function Items({ content: { items } }: { readonly content: MediaContent }) {
  const shown = items.map((item, index) => ({ item, index }));
  const visuals = shown.filter(({ item }) => isVisual(item));
  return (
    <>
      {visuals.length > 0 && <Album items={visuals} />}
      {shown.map(({ item, index }) => {
        // An album may hold the same file twice.
        const key = `${index} ${item.file.asset}`;
        if (isVisual(item)) return null;
        return item.kind === 'document' ? (
          <FileRow key={key} item={item} />
        ) : (
          <SoundRow key={key} item={item} index={index} />
        );
      })}
    </>
  );
}
