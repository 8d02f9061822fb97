'use client';

import { type ReactNode, useRef, useState } from 'react';
import { IconButton, type IconButtonProps } from './icon-button';
import { type MenuWish, openMenu, warmMenu } from './menu-board';

export type MenuButtonProps = Omit<IconButtonProps, 'onClick'> & {
  /** Asked when the menu opens. */
  entries(): MenuWish['entries'];
  readonly align?: 'start' | 'end';
  readonly side?: 'top' | 'bottom';
  readonly children: ReactNode;
};

/** An icon button that opens the app's one menu (`MenuLayer`) beside itself: cheap enough to stand on every row. */
export function MenuButton({
  entries,
  align = 'end',
  side = 'bottom',
  onPointerEnter,
  onFocus,
  ...rest
}: MenuButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const show = () => {
    if (!button.current) return;
    setOpen(true);
    openMenu({
      label: rest.label,
      at: button.current,
      entries: entries(),
      align,
      side,
      onClose: () => setOpen(false),
    });
  };
  return (
    <IconButton
      {...rest}
      ref={button}
      aria-haspopup="menu"
      aria-expanded={open}
      onPointerEnter={(event) => {
        warmMenu();
        onPointerEnter?.(event);
      }}
      onFocus={(event) => {
        warmMenu();
        onFocus?.(event);
      }}
      onClick={show}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
        event.preventDefault();
        show();
      }}
    />
  );
}
