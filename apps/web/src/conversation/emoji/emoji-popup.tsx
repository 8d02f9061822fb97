'use client';

import { Popover } from '@base-ui/react/popover';
import { useWords } from '@/words/words';
import { EmojiPanel } from './emoji-panel';
import styles from './emoji-popup.module.css';

type EmojiPopupProps = {
  readonly open: boolean;
  readonly anchor: Element | null;
  returnFocus(): HTMLElement | null;
  onPick(emoji: string): void;
  onClose(): void;
};

export default function EmojiPopup({ open, anchor, returnFocus, onPick, onClose }: EmojiPopupProps) {
  const t = useWords('conversation.emoji');
  return (
    <Popover.Root open={open} onOpenChange={(now) => !now && onClose()}>
      <Popover.Portal>
        <Popover.Positioner
          className={styles.positioner}
          anchor={anchor}
          side="top"
          align="start"
          sideOffset={8}
          collisionPadding={8}
        >
          <Popover.Popup
            className={styles.popup}
            aria-label={t('title')}
            // The search field would bring a phone's keyboard up over the emoji.
            initialFocus={() => matchMedia('(hover: hover)').matches}
            finalFocus={() => returnFocus() ?? true}
          >
            <EmojiPanel onPick={onPick} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
