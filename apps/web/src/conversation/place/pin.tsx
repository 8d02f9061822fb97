import { MapPin } from 'lucide-react';
import styles from './pin.module.css';

/** Its point stands in the middle of what it is in. */
export function Pin() {
  return (
    <span className={styles.pin} aria-hidden="true">
      <MapPin />
    </span>
  );
}
