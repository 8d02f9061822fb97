import { type MouseEvent, type PointerEvent, useEffect, useRef } from 'react';
import type { MenuPlace } from '../scene';

const longPressMs = 450;
const slackPx = 10;

/**
 * A right click or a long press opens the menu of a message; a right click on a link or on marked text keeps the browser's own.
 * Android says a long press as `contextmenu`; iOS says nothing, so it is timed.
 */
export function useMenuGestures(open: (place: MenuPlace) => void) {
  const pressed = useRef<{ x: number; y: number; timer: ReturnType<typeof setTimeout> } | null>(null);
  const release = () => {
    clearTimeout(pressed.current?.timer);
    pressed.current = null;
  };
  useEffect(() => () => clearTimeout(pressed.current?.timer), []);

  return {
    onContextMenu(event: MouseEvent<HTMLElement>) {
      const element = event.currentTarget;
      if (wantsOwnMenu(event.target as Element)) return;
      event.preventDefault();
      release();
      open({ element, at: { x: event.clientX, y: event.clientY } });
    },
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.pointerType !== 'touch' || (event.target as Element).closest('button, a')) return;
      const { currentTarget: element, clientX: x, clientY: y } = event;
      release();
      pressed.current = { x, y, timer: setTimeout(() => open({ element, at: { x, y } }), longPressMs) };
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const from = pressed.current;
      if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > slackPx) release();
    },
    onPointerUp: release,
    onPointerCancel: release,
  };
}

function wantsOwnMenu(target: Element): boolean {
  const selection = getSelection();
  const marked = selection !== null && !selection.isCollapsed && selection.containsNode(target, true);
  return marked || target.closest('a') !== null;
}
