'use client';

import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import type { Choice } from './radio-group';
import styles from './select.module.css';

export type SelectProps<T extends string> = {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  onChange(value: T): void;
  readonly disabled?: boolean;
};

/** A row with a label and one of several values. */
export function Select<T extends string>({
  label,
  hint,
  choices,
  value,
  onChange,
  disabled,
}: SelectProps<T>) {
  const id = useId();
  return (
    <div className={styles.row}>
      <div className={styles.words}>
        <span id={`${id}-label`}>{label}</span>
        {hint && (
          <span id={`${id}-hint`} className={styles.hint}>
            {hint}
          </span>
        )}
      </div>
      <Base.Root
        items={choices.map((choice) => ({ value: choice.value, label: choice.label }))}
        value={value}
        onValueChange={(next) => next !== null && onChange(next as T)}
        disabled={disabled}
      >
        <Base.Trigger
          className={styles.trigger}
          aria-labelledby={`${id}-label ${id}-value`}
          aria-describedby={hint ? `${id}-hint` : undefined}
        >
          <Base.Value id={`${id}-value`} />
          <ChevronsUpDown aria-hidden="true" />
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner
            className={styles.positioner}
            alignItemWithTrigger={false}
            align="end"
            sideOffset={4}
            collisionPadding={8}
          >
            <Base.Popup className={styles.popup} aria-labelledby={`${id}-label`}>
              {choices.map((choice) => (
                <Base.Item key={choice.value} value={choice.value} className={styles.item}>
                  <span className={styles.mark}>
                    <Base.ItemIndicator render={<Check />} />
                  </span>
                  <Base.ItemText>{choice.label}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </div>
  );
}
