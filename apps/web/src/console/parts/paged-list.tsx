import type { ReactNode } from 'react';
import { Button } from '@/look/button';
import { Skeleton } from '@/look/skeleton';
import { VisuallyHidden } from '@/look/visually-hidden';
import { useWords } from '@/words/words';
import type { Pages } from '../use-pages';
import styles from './page.module.css';

type PagedListProps<T> = {
  readonly label: string;
  readonly pages: Pages<T>;
  /** Said where there is nothing. */
  readonly empty: string;
  readonly keyOf: (item: T) => string;
  readonly children: (item: T) => ReactNode;
};

/** A list in a card, with a button for what comes after. */
export function PagedList<T>({ label, pages, empty, keyOf, children }: PagedListProps<T>) {
  const words = useWords('console');
  const { items, problem } = pages;
  return (
    <>
      {problem && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.card} aria-busy={pages.busy}>
        {items === undefined && !problem && <Waiting />}
        {items?.length === 0 && (
          <p role="status" className={styles.empty}>
            {empty}
          </p>
        )}
        {items && items.length > 0 && (
          <ul aria-label={label} className={styles.list}>
            {items.map((item) => (
              <li key={keyOf(item)}>{children(item)}</li>
            ))}
          </ul>
        )}
        {pages.hasMore && (
          <div className={styles.more}>
            <Button busy={pages.busy} onClick={pages.more}>
              {words('more')}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}

function Waiting() {
  const words = useWords('console');
  return (
    <div role="status" className={styles.waiting}>
      <VisuallyHidden>{words('loading')}</VisuallyHidden>
      <Skeleton width="60%" />
      <Skeleton width="45%" />
      <Skeleton width="55%" />
    </div>
  );
}
