import type { Report } from '@tidings/api/report';
import { Button } from '@/look/button';
import { useFormats, useWords } from '@/words/words';
import { Tag } from '../parts/tag';
import styles from './report-item.module.css';

type ReportItemProps = {
  readonly report: Report;
  onClose(as: 'resolved' | 'dismissed'): void;
  onSuspend(): void;
};

export function ReportItem({ report, onClose, onSuspend }: ReportItemProps) {
  const words = useWords('console.reports');
  const format = useFormats();
  const { author, reporter, reason, note, excerpt, at, state } = report;
  return (
    <article className={styles.report} aria-label={words('of', { name: author.displayName })}>
      <p className={styles.head}>
        <strong dir="auto">{author.displayName}</strong> <span className={styles.note}>@{author.username}</span>
        <Tag>{words(`reason.${reason}`)}</Tag>
        {author.suspended && <Tag kind="bad">{words('suspended')}</Tag>}
      </p>
      <blockquote className={styles.excerpt} dir="auto">
        {excerpt || words('noText')}
      </blockquote>
      {note && <p dir="auto">{words('note', { note })}</p>}
      <p className={styles.note}>
        {words('by', {
          name: reporter.displayName,
          date: format.dateTime(at, { dateStyle: 'medium', timeStyle: 'short' }),
        })}
      </p>
      {state === 'open' && (
        <div className={styles.actions}>
          <Button onClick={() => onClose('resolved')}>{words('resolve')}</Button>
          <Button onClick={() => onClose('dismissed')}>{words('dismiss')}</Button>
          {!author.suspended && (
            <Button variant="danger" onClick={onSuspend}>
              {words('suspend')}
            </Button>
          )}
        </div>
      )}
    </article>
  );
}
