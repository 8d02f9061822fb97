import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import { classNames } from './class-names';
import styles from './text-field.module.css';

type Labelled = {
  readonly label: string;
  /** Said below the field and by screen readers with it. */
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  /** Stands inside, at the end: a button. */
  readonly end?: ReactNode;
};

export type TextFieldProps = InputHTMLAttributes<HTMLInputElement> &
  Labelled & { readonly ref?: Ref<HTMLInputElement> };

export function TextField({ label, hint, error, end, className, id, ...rest }: TextFieldProps) {
  const field = useField(id, hint, error);
  return (
    <div className={classNames(styles.field, className)}>
      <label className={styles.label} htmlFor={field.id}>
        {label}
      </label>
      <div className={styles.box}>
        <input {...rest} {...field.attributes} className={styles.input} />
        {end}
      </div>
      <FieldNotes field={field} hint={hint} error={error} />
    </div>
  );
}

export type TextAreaProps = TextareaHTMLAttributes<HTMLTextAreaElement> &
  Labelled & { readonly ref?: Ref<HTMLTextAreaElement> };

export function TextArea({ label, hint, error, end, className, id, ...rest }: TextAreaProps) {
  const field = useField(id, hint, error);
  return (
    <div className={classNames(styles.field, className)}>
      <label className={styles.label} htmlFor={field.id}>
        {label}
      </label>
      <div className={styles.box}>
        <textarea rows={3} {...rest} {...field.attributes} className={styles.input} />
        {end}
      </div>
      <FieldNotes field={field} hint={hint} error={error} />
    </div>
  );
}

function useField(given: string | undefined, hint: ReactNode, error: string | undefined) {
  const made = useId();
  const id = given ?? made;
  const ids = { hint: `${id}-hint`, error: `${id}-error` };
  const describedBy = [error && ids.error, hint && ids.hint].filter(Boolean).join(' ') || undefined;
  return {
    id,
    ids,
    attributes: { id, 'aria-describedby': describedBy, 'aria-invalid': error ? true : undefined },
  };
}

type NotesProps = {
  readonly field: ReturnType<typeof useField>;
  readonly hint: ReactNode;
  readonly error: string | undefined;
};

function FieldNotes({ field, hint, error }: NotesProps) {
  return (
    <>
      {error && (
        <p id={field.ids.error} role="alert" className={styles.error}>
          {error}
        </p>
      )}
      {hint && (
        <div id={field.ids.hint} className={styles.hint}>
          {hint}
        </div>
      )}
    </>
  );
}
