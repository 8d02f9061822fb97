'use client';

import type { Seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { ArrowLeft, X } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import { DetailWords } from '@/words/detail-words';
import { useWords } from '@/words/words';
import { IconButton } from '../../look/icon-button';
import { useCloseWatcher } from '../../look/use-close-watcher';
import type { Panel } from '../conversation-view';
import { MediaWords } from '../media/media-words';
import styles from './about.module.css';
import { ContactAbout } from './contact-about';
import { GalleryPanel } from './gallery-panel';
import { GroupAbout } from './group-about';
import { SearchPanel } from './search-panel';
import { StarredPanel } from './starred-panel';

type AboutProps = {
  readonly conversation: LocalConversation;
  readonly panel: NonNullable<Panel>;
  onPanel(panel: Panel): void;
  onJump(target: Seq): void;
};

/** What there is to know about a chat, beside it; over it where there is no room. */
export default function About(props: AboutProps) {
  return (
    <DetailWords>
      <MediaWords>
        <Panels {...props} />
      </MediaWords>
    </DetailWords>
  );
}

function Panels({ conversation, panel, onPanel, onJump }: AboutProps) {
  const media = useWords('media.gallery');
  const details = useWords('details');
  const t = useWords('conversation');
  const look = useWords('look');
  const titleId = useId();
  const close = useRef<HTMLButtonElement>(null);
  const group = conversation.kind === 'group';
  const titles = {
    about: t(group ? 'groupInfo' : 'contactInfo'),
    starred: details('starredList.title'),
    search: details('search.title'),
    gallery: media('title'),
  };
  useFocusBack(close, panel);

  const inner = panel === 'starred' || panel === 'gallery';
  const leave = () => onPanel(inner ? 'about' : null);
  useEscape(leave);
  useCloseWatcher(isNarrow(), leave);
  const jump = (target: Seq) => {
    // Where the panel covers the messages, one wants to see them now.
    if (isNarrow()) onPanel(null);
    onJump(target);
  };
  return (
    <aside className={styles.panel} aria-labelledby={titleId}>
      <header className={styles.bar}>
        <IconButton ref={close} label={inner ? look('back') : look('close')} onClick={leave}>
          {inner ? <ArrowLeft /> : <X />}
        </IconButton>
        <h2 id={titleId} className={styles.title}>
          {titles[panel]}
        </h2>
      </header>
      {panel === 'about' && group && <GroupAbout conversation={conversation} onPanel={onPanel} />}
      {panel === 'about' && !group && <ContactAbout conversation={conversation} onPanel={onPanel} />}
      {panel === 'starred' && <StarredPanel conversation={conversation} onJump={jump} />}
      {panel === 'gallery' && <GalleryPanel conversation={conversation} onJump={jump} />}
      {panel === 'search' && <SearchPanel conversation={conversation} onJump={jump} />}
    </aside>
  );
}

/** Where the panel covers the messages: as in about.module.css. */
const isNarrow = (): boolean => matchMedia('(width < 1100px)').matches;

/** The focus comes into the panel when it opens, and goes back to where it was when it closes. */
function useFocusBack(first: { readonly current: HTMLElement | null }, panel: NonNullable<Panel>): void {
  const before = useRef<Element | null>(null);
  useEffect(() => {
    before.current = document.activeElement;
    return () => {
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
    };
  }, []);
  useEffect(() => {
    if (panel !== 'search') first.current?.focus();
  }, [first, panel]);
}

/** Escape closes the panel before anything behind it, wherever the focus is, unless something stands over it. */
function useEscape(leave: () => void): void {
  const newest = useRef(leave);
  newest.current = leave;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('[role=dialog], [role=alertdialog], [role=menu]')) return;
      event.preventDefault();
      newest.current();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
