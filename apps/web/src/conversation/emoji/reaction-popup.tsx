'use client';

import { Popover } from '@base-ui/react/popover';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '@/words/words';
import { useSelf } from '../../engine/hooks';
import type { MessageRow } from '../../engine/message-rows';
import type { MenuPlace } from '../scene';
import { EmojiPanel } from './emoji-panel';
import styles from './emoji-popup.module.css';

const quick = ['👍', '❤️', '😂', '😮', '😢', '🙏'] as const;

type ReactionPopupProps = {
  readonly open: boolean;
  readonly place: MenuPlace;
  readonly row: MessageRow;
  /** Empty: takes the own one back. */
  onPick(emoji: string): void;
  onClose(): void;
  onClosed(): void;
};

/** The reactions that people use most, and all others behind a button. */
export default function ReactionPopup({ open, place, row, onPick, onClose, onClosed }: ReactionPopupProps) {
  const t = useWords('conversation.emoji');
  const self = useSelf();
  const [all, setAll] = useState(false);
  const reactions = row.type === 'entry' ? (row.entry.reactions ?? {}) : {};
  const own = Object.keys(reactions).find((emoji) => reactions[emoji]?.includes(self.userId));
  const pick = (emoji: string) => {
    onPick(emoji === own ? '' : emoji);
    onClose();
  };
  const anchor = place.element.closest('[data-line]') ?? place.element;
  return (
    <Popover.Root
      open={open}
      onOpenChange={(now) => !now && onClose()}
      onOpenChangeComplete={(now) => !now && onClosed()}
    >
      <Popover.Portal>
        <Popover.Positioner
          className={styles.positioner}
          anchor={bubbleOf(anchor)}
          side="top"
          align={place.element.closest('[data-own]') ? 'end' : 'start'}
          sideOffset={6}
          collisionPadding={8}
        >
          <Popover.Popup
            className={styles.popup}
            aria-label={t('reactTitle')}
            finalFocus={() => (anchor instanceof HTMLElement ? anchor : true)}
          >
            {all ? (
              <EmojiPanel onPick={pick} />
            ) : (
              <div className={styles.quick}>
                {quick.map((emoji) => (
                  <button
                    key={emoji}
                    type="button"
                    className={styles.choice}
                    aria-pressed={emoji === own}
                    onClick={() => pick(emoji)}
                  >
                    {emoji}
                  </button>
                ))}
                <button
                  type="button"
                  className={styles.choice}
                  aria-label={t('more')}
                  onClick={() => setAll(true)}
                >
                  <Plus aria-hidden="true" />
                </button>
              </div>
            )}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

const bubbleOf = (line: Element): Element => line.querySelector('[data-bubble]') ?? line;
