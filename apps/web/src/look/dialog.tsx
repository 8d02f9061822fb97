'use client';

import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { useWords } from '@/words/words';
import { classNames } from './class-names';
import styles from './dialog.module.css';
import { IconButton } from './icon-button';
import { useCloseWatcher } from './use-close-watcher';

export type DialogProps = {
  readonly open: boolean;
  onOpenChange(open: boolean): void;
  /** After the closing motion: the moment to unmount or reset. */
  onClosed?(): void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons; stays in view while the content scrolls. */
  readonly footer?: ReactNode;
  readonly size?: 'small' | 'normal';
  /** The content brings its own padding and scrolling: a list that fills the dialog. */
  readonly flush?: boolean;
  /** Where the focus goes first; without it, the first control. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly finalFocus?: RefObject<HTMLElement | null>;
};

/** A modal dialog; on phones a sheet from below. Named by its title. */
export function Dialog(props: DialogProps) {
  const {
    open,
    onOpenChange,
    onClosed,
    title,
    description,
    children,
    footer,
    size = 'normal',
    flush = false,
  } = props;
  const words = useWords('look');
  useCloseWatcher(open, () => onOpenChange(false));
  return (
    <Base.Root open={open} onOpenChange={onOpenChange} onOpenChangeComplete={(now) => !now && onClosed?.()}>
      <Base.Portal>
        <Base.Backdrop className={styles.veil} />
        <Base.Popup
          className={styles.dialog}
          data-size={size}
          data-flush={flush || undefined}
          initialFocus={props.initialFocus}
          finalFocus={props.finalFocus}
        >
          <div className={styles.head}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <Base.Close
              render={
                <IconButton label={words('close')} tip={false}>
                  <X />
                </IconButton>
              }
            />
          </div>
          <div className={classNames(styles.body, flush && styles.flush)}>
            {description && <Base.Description className={styles.description}>{description}</Base.Description>}
            {children}
          </div>
          {footer && <div className={styles.footer}>{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
