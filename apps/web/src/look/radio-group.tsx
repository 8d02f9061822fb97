'use client';

import { Radio } from '@base-ui/react/radio';
import { RadioGroup as Base } from '@base-ui/react/radio-group';
import { type ReactNode, useId } from 'react';
import styles from './radio-group.module.css';

export type Choice<T extends string> = {
  readonly value: T;
  readonly label: string;
  readonly icon?: ReactNode;
};

export type RadioGroupProps<T extends string> = {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  onChange(value: T): void;
  readonly disabled?: boolean;
};

/** A few choices, all in view, as a row of pills. */
export function RadioGroup<T extends string>({
  label,
  hint,
  choices,
  value,
  onChange,
  disabled,
}: RadioGroupProps<T>) {
  const id = useId();
  return (
    <div className={styles.group}>
      <span id={id}>{label}</span>
      {hint && (
        <span id={`${id}-hint`} className={styles.hint}>
          {hint}
        </span>
      )}
      <Base
        className={styles.choices}
        aria-labelledby={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        value={value}
        onValueChange={(next) => onChange(next as T)}
        disabled={disabled}
      >
        {choices.map((choice) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the radio is inside
          <label key={choice.value} className={styles.choice}>
            <Radio.Root value={choice.value} className={styles.radio} aria-label={choice.label} />
            {choice.icon}
            {choice.label}
          </label>
        ))}
      </Base>
    </div>
  );
}
