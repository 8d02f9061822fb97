'use client';

import { useState } from 'react';
import { TextField, type TextFieldProps } from '@/look/text-field';
import { useWords } from '@/words/words';
import styles from './auth-card.module.css';

/** A field for a password, which can be looked at. */
export function PasswordField(props: Omit<TextFieldProps, 'type' | 'end'>) {
  const words = useWords('auth');
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      end={
        <button type="button" className={styles.show} aria-pressed={shown} onClick={() => setShown(!shown)}>
          {words(shown ? 'hide' : 'show')}
        </button>
      }
    />
  );
}
