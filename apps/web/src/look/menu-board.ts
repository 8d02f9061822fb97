import type { ReactNode } from 'react';

export type MenuAction = {
  readonly type?: 'action';
  readonly label: string;
  readonly icon?: ReactNode;
  /** Can't be undone, or leaves something. */
  readonly danger?: boolean;
  readonly disabled?: boolean;
  onSelect(): void;
};

/** One that is on or off. */
export type MenuCheck = {
  readonly type: 'check';
  readonly label: string;
  readonly checked: boolean;
  onSelect(): void;
};

export type MenuGroup = {
  readonly type: 'submenu';
  readonly label: string;
  readonly icon?: ReactNode;
  readonly entries: readonly MenuEntry[];
};

export type MenuEntry = MenuAction | MenuCheck | MenuGroup | 'separator';

export type MenuRequest = {
  readonly label: string;
  /** A control, or a point of the viewport (a right click, a long press). */
  readonly at: Element | { readonly x: number; readonly y: number };
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
  readonly side?: 'top' | 'bottom';
  /** Gets the focus back; without it, the control at which the menu opened, or what had the focus. */
  readonly returnFocus?: HTMLElement | null;
  onClose?(): void;
};

/** As a request; what stands in the menu may have to be fetched first, like the menu itself. */
export type MenuWish = Omit<MenuRequest, 'entries'> & {
  readonly entries: readonly MenuEntry[] | Promise<readonly MenuEntry[]>;
};

/** What of the app's one menu is asked for: the layer that shows it is loaded when the first asks, or seems about to. */
class MenuBoard {
  readonly #listeners = new Set<() => void>();
  #request: MenuRequest | null = null;
  #warm = false;

  request = (): MenuRequest | null => this.#request;
  warm = (): boolean => this.#warm;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  open(wish: MenuWish): void {
    this.#request?.onClose?.();
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    const control = wish.at instanceof HTMLElement ? wish.at : focused;
    const show = (entries: readonly MenuEntry[]) => {
      this.#request = { ...wish, entries, returnFocus: wish.returnFocus ?? control };
      this.#tell();
    };
    this.makeWarm();
    if (wish.entries instanceof Promise) {
      wish.entries.then(show, (error: unknown) => {
        console.error('what stands in a menu could not be fetched', error);
        wish.onClose?.();
      });
    } else show(wish.entries);
  }

  close(): void {
    const closed = this.#request;
    this.#request = null;
    this.#tell();
    closed?.onClose?.();
  }

  makeWarm(): void {
    if (this.#warm) return;
    this.#warm = true;
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

export const menuBoard = new MenuBoard();

/** Opens a menu; one that is open closes. */
export const openMenu = (wish: MenuWish): void => menuBoard.open(wish);

/** Loads what a menu needs, when somebody seems about to open one. */
export const warmMenu = (): void => menuBoard.makeWarm();
