import type { AuditEntry, Named } from '@tidings/api/admin';
import { useFormats, useWords } from '@/words/words';
import styles from './audit-item.module.css';

/** Of an id, as much as tells devices apart. */
const shortly = (id: string): string => id.slice(0, 8);

export function AuditItem({ entry }: { readonly entry: AuditEntry }) {
  const words = useWords('console.audit');
  const format = useFormats();
  const { at, by, act, subject, detail, deviceId } = entry;
  const values = { who: nameOf(by), whom: nameOf(subject), detail };
  return (
    <div className={styles.entry}>
      <p className={styles.what}>
        {words.rich(`act.${act}`, { ...values, b: (chunks) => <strong dir="auto">{chunks}</strong> })}
      </p>
      <p className={styles.note}>
        <time dateTime={new Date(at).toISOString()}>
          {format.dateTime(at, { dateStyle: 'medium', timeStyle: 'medium' })}
        </time>
        <span>{words('device', { id: shortly(deviceId) })}</span>
      </p>
    </div>
  );
}

const nameOf = ({ id, username, displayName }: Named): string =>
  displayName === undefined ? id : `${displayName} (@${username})`;
