import { classNames } from './class-names';
import styles from './spinner.module.css';

/** With a label it is announced; without one something beside it says what is going on. */
export function Spinner({ label, className }: { readonly label?: string; readonly className?: string }) {
  const look = classNames(styles.spinner, className);
  return label ? (
    <span role="status" aria-label={label} className={look} />
  ) : (
    <span aria-hidden="true" className={look} />
  );
}
