'use client';

import type { AuditEntry } from '@tidings/api/admin';
import { useWords } from '@/words/words';
import { ask } from '../console-api';
import { Page } from '../parts/page';
import { PagedList } from '../parts/paged-list';
import { usePages } from '../use-pages';
import { AuditItem } from './audit-item';

async function load(before: number | null) {
  const { entries, next } = await ask((api) => api.admin.audit.query({ before }));
  return { items: entries, next };
}

/** Everything that operators did. */
export function AuditPage() {
  const words = useWords('console.audit');
  const pages = usePages(load);
  return (
    <Page title={words('title')} intro={words('intro')}>
      <PagedList
        label={words('title')}
        pages={pages}
        empty={words('none')}
        keyOf={({ position }: AuditEntry) => String(position)}
      >
        {(entry) => <AuditItem entry={entry} />}
      </PagedList>
    </Page>
  );
}
