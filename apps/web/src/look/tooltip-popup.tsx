'use client';

import { Tooltip } from '@base-ui/react/tooltip';
import { useRef } from 'react';
import styles from './tooltip.module.css';

export default function TooltipPopup({
  target,
  onClose,
}: {
  readonly target: Element | null;
  onClose(): void;
}) {
  const last = useRef<Element | null>(null);
  if (target) last.current = target;
  const shown = last.current;
  // The control has the same words as its name already: announcing the tooltip too would say them twice.
  return (
    <Tooltip.Root open={target !== null} onOpenChange={(open) => !open && onClose()}>
      <Tooltip.Portal>
        <Tooltip.Positioner
          className={styles.positioner}
          anchor={shown}
          side="bottom"
          sideOffset={6}
          collisionPadding={8}
        >
          <Tooltip.Popup className={styles.tooltip} role="tooltip" aria-hidden="true">
            {shown?.getAttribute('data-tip')}
            {shown?.hasAttribute('data-tip-keys') && (
              <kbd className={styles.keys}>{shown.getAttribute('data-tip-keys')}</kbd>
            )}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
