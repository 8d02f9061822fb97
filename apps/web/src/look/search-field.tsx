'use client';

import { Search, X } from 'lucide-react';
import { type InputHTMLAttributes, type Ref, useRef } from 'react';
import { IconButton } from './icon-button';
import styles from './search-field.module.css';

export type SearchFieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value' | 'type'> & {
  readonly label: string;
  readonly clearLabel: string;
  readonly value: string;
  onValue(value: string): void;
  readonly ref?: Ref<HTMLInputElement>;
};

/** A searchbox. Escape empties it first; only an empty one lets Escape through. */
export function SearchField({
  label,
  clearLabel,
  value,
  onValue,
  onKeyDown,
  ref,
  ...rest
}: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const clear = () => {
    onValue('');
    input.current?.focus();
  };
  return (
    <div className={styles.box}>
      <Search aria-hidden="true" className={styles.icon} />
      <input
        placeholder={label}
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="search"
        {...rest}
        ref={(element) => {
          input.current = element;
          if (typeof ref === 'function') return ref(element);
          if (ref) ref.current = element;
        }}
        type="search"
        aria-label={label}
        className={styles.input}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        onKeyDown={(event) => {
          onKeyDown?.(event);
          if (event.key !== 'Escape' || event.defaultPrevented || value === '') return;
          event.stopPropagation();
          event.preventDefault();
          clear();
        }}
      />
      {value !== '' && (
        <IconButton label={clearLabel} size="small" className={styles.clear} onClick={clear}>
          <X />
        </IconButton>
      )}
    </div>
  );
}
