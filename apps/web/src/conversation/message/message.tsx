'use client';

import type { UserId } from '@tidings/api/ids';
import { ChevronDown, SmilePlus } from 'lucide-react';
import { memo, Suspense, useId } from 'react';
import { useWords } from '@/words/words';
import { useProfile } from '../../engine/hooks';
import type { MessageRow } from '../../engine/message-rows';
import { Avatar } from '../../look/avatar';
import { hueInk } from '../../look/hue';
import { IconButton } from '../../look/icon-button';
import { warmMenu } from '../../look/menu-board';
import { part } from '../../look/part';
import { VisuallyHidden } from '../../look/visually-hidden';
import type { Tick } from '../log/tick';
import { isVisual } from '../media/sizes';
import { useName } from '../people';
import { useScene } from '../scene';
import { parsedContent } from '../text/content';
import { Body } from './body';
import styles from './message.module.css';
import { Meta } from './meta';
import { Reactions } from './reactions';
import { useMenuGestures } from './use-menu-gestures';

const FailedActions = part(() => import('./failed-actions'));

export type MessageProps = {
  readonly row: MessageRow;
  readonly sender: UserId;
  readonly at: number;
  readonly first: boolean;
  readonly last: boolean;
  /** Of an own message. */
  readonly tick: Tick | null;
  /** Has the focus among the lines: only then are its buttons in the order of the Tab key. */
  readonly active: boolean;
  /** Somebody jumped here. */
  readonly flash: boolean;
};

export const Message = memo(function Message(props: MessageProps) {
  const { row, sender, at, first, last, tick, active, flash } = props;
  const scene = useScene();
  const id = useId();
  const own = sender === scene.self;
  const entry = row.type === 'entry' ? row.entry : null;
  const gestures = useMenuGestures((place) => scene.openMenu(row, place));
  const tab = active ? 0 : -1;
  return (
    <article
      className={styles.message}
      data-own={own || undefined}
      data-first={first || undefined}
      data-last={last || undefined}
      data-flash={flash || undefined}
      data-line={row.key}
      tabIndex={tab}
      aria-labelledby={`${id}-who ${id}-body ${id}-meta`}
    >
      {scene.kind === 'group' && !own && first && <SenderPicture user={sender} />}
      <div className={styles.column}>
        <div className={styles.bubble} data-bubble data-carries={carriedBy(row)} {...gestures}>
          <Sender id={`${id}-who`} user={sender} shown={scene.kind === 'group' && !own && first} />
          <span id={`${id}-body`} className={styles.body}>
            <Body row={row} own={own} tabIndex={tab} />
          </span>
          <span className={styles.meta}>
            <Meta id={`${id}-meta`} entry={entry} at={at} tick={tick} />
          </span>
          <Tools row={row} tabIndex={tab} />
        </div>
        {entry && !entry.deleted && (
          <Reactions row={row as Extract<MessageRow, { type: 'entry' }>} tabIndex={tab} />
        )}
        {tick === 'failed' && (
          <Suspense>
            <FailedActions row={row} />
          </Suspense>
        )}
      </div>
    </article>
  );
});

/** What the bubble is laid out around: nothing but words; a picture that its time stands on; a row with room for it; or that, and more below. */
function carriedBy(row: MessageRow): 'bare' | 'row' | 'more' | undefined {
  if (row.type === 'entry' && row.entry.deleted) return undefined;
  const content = parsedContent(row);
  if (content.type === 'text' || content.type === 'unknown') return undefined;
  if (content.text !== '' || content.type === 'contact') return 'more';
  return content.type === 'media' && content.items.every(isVisual) ? 'bare' : 'row';
}

function SenderPicture({ user }: { readonly user: UserId }) {
  const name = useName(user);
  const profile = useProfile(user);
  return (
    <span className={styles.picture}>
      <Avatar id={user} name={name} pictureId={profile?.avatarId} size="small" />
    </span>
  );
}

/** Who it is from: seen once per group of messages, heard with each. */
function Sender({
  id,
  user,
  shown,
}: {
  readonly id: string;
  readonly user: UserId;
  readonly shown: boolean;
}) {
  const t = useWords('conversation');
  const scene = useScene();
  const name = useName(user);
  const isBot = useProfile(user)?.bot;
  if (!shown) {
    return (
      <span id={id} className={styles.unseen}>
        <VisuallyHidden>{user === scene.self ? t('you') : name}</VisuallyHidden>
      </span>
    );
  }
  return (
    <span id={id} className={styles.sender} style={{ color: hueInk(user) }} dir="auto">
      {name}
      {isBot && ` · ${t('status.bot')}`}
    </span>
  );
}

type ToolsProps = { readonly row: MessageRow; readonly tabIndex: number };

/** Beside the bubble, for a pointer or the focus; a finger presses long. */
function Tools({ row, tabIndex }: ToolsProps) {
  const t = useWords('conversation');
  const scene = useScene();
  const reacts = row.type === 'entry' && !row.entry.deleted && scene.open;
  return (
    <div className={styles.tools}>
      <IconButton
        label={t('messageMenu')}
        size="small"
        tip={false}
        tabIndex={tabIndex}
        aria-haspopup="menu"
        onPointerEnter={warmMenu}
        onClick={(event) => scene.openMenu(row, { element: event.currentTarget })}
      >
        <ChevronDown />
      </IconButton>
      {reacts && (
        <IconButton
          label={t('menu.react')}
          size="small"
          tip={false}
          className={styles.react}
          tabIndex={-1}
          onClick={(event) => scene.openPicker(row, { element: event.currentTarget })}
        >
          <SmilePlus />
        </IconButton>
      )}
    </div>
  );
}
