'use client';

import { Menu } from '@base-ui/react/menu';
import { Check, ChevronRight } from 'lucide-react';
import { Fragment, useRef } from 'react';
import { classNames } from './class-names';
import styles from './menu.module.css';
import type { MenuEntry, MenuRequest } from './menu-board';
import { useCloseWatcher } from './use-close-watcher';

type MenuPopupProps = { readonly request: MenuRequest | null; onClose(): void };

export default function MenuPopup({ request, onClose }: MenuPopupProps) {
  // What was asked last stays on the screen while it fades.
  const last = useRef<MenuRequest | null>(null);
  if (request) last.current = request;
  useCloseWatcher(request !== null, onClose);
  const shown = last.current;
  if (!shown) return null;
  return (
    <Menu.Root open={request !== null} onOpenChange={(open) => !open && onClose()}>
      <Menu.Portal>
        <Menu.Positioner
          className={styles.positioner}
          // Outside of the page's landmarks; without a name nothing is said of it.
          role="region"
          anchor={anchorOf(shown)}
          align={shown.align ?? 'start'}
          side={shown.side ?? 'bottom'}
          sideOffset={4}
          collisionPadding={8}
        >
          <Menu.Popup
            className={styles.menu}
            aria-label={shown.label}
            finalFocus={() => (isFocusElsewhere() ? false : (shown.returnFocus ?? true))}
          >
            <Entries entries={shown.entries} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** What was chosen has moved the focus already, for example into a text: there it stays. */
function isFocusElsewhere(): boolean {
  const focused = document.activeElement;
  return focused !== null && focused !== document.body && focused.closest('[role=menu]') === null;
}

function anchorOf({ at }: MenuRequest) {
  if (at instanceof Element) return at;
  return { getBoundingClientRect: () => DOMRect.fromRect({ x: at.x, y: at.y, width: 0, height: 0 }) };
}

function Entries({ entries }: { readonly entries: readonly MenuEntry[] }) {
  return entries.map((entry, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: a menu doesn't change while it is open
    if (entry === 'separator') return <Menu.Separator key={index} className={styles.separator} />;
    return <Fragment key={entry.label}>{itemOf(entry)}</Fragment>;
  });
}

function itemOf(entry: Exclude<MenuEntry, 'separator'>) {
  switch (entry.type) {
    case 'check':
      return (
        <Menu.CheckboxItem
          className={styles.item}
          checked={entry.checked}
          onCheckedChange={() => entry.onSelect()}
          closeOnClick
        >
          <span className={styles.icon}>{entry.checked && <Check />}</span>
          {entry.label}
        </Menu.CheckboxItem>
      );
    case 'submenu':
      return (
        <Menu.SubmenuRoot>
          <Menu.SubmenuTrigger className={styles.item}>
            <span className={styles.icon}>{entry.icon}</span>
            {entry.label}
            <ChevronRight className={styles.more} />
          </Menu.SubmenuTrigger>
          <Menu.Portal>
            <Menu.Positioner
              className={styles.positioner}
              role="region"
              collisionPadding={8}
              alignOffset={-6}
            >
              <Menu.Popup className={styles.menu}>
                <Entries entries={entry.entries} />
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.SubmenuRoot>
      );
    default:
      return (
        <Menu.Item
          className={classNames(styles.item, entry.danger && styles.danger)}
          disabled={entry.disabled}
          onClick={() => entry.onSelect()}
        >
          <span className={styles.icon}>{entry.icon}</span>
          {entry.label}
        </Menu.Item>
      );
  }
}
