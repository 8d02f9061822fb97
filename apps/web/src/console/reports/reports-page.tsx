'use client';

import type { Report, ReportState } from '@tidings/api/report';
import { useCallback, useState } from 'react';
import { RadioGroup } from '@/look/radio-group';
import { useWords } from '@/words/words';
import { ask } from '../console-api';
import { Page } from '../parts/page';
import { PagedList } from '../parts/paged-list';
import { useAct } from '../use-act';
import { usePages } from '../use-pages';
import { ActDialog } from '../users/act-dialog';
import { ReportItem } from './report-item';

const states: readonly ReportState[] = ['open', 'resolved', 'dismissed'];

/** What users reported. */
export function ReportsPage() {
  const words = useWords('console.reports');
  const [state, setState] = useState<ReportState>('open');
  const load = useCallback(
    async (before: number | null) => {
      const { reports, next } = await ask((api) => api.admin.reports.query({ state, before }));
      return { items: reports, next };
    },
    [state],
  );
  const pages = usePages(load);
  const run = useAct();
  const [suspending, setSuspending] = useState<Report | null>(null);
  const close = async ({ id }: Report, as: 'resolved' | 'dismissed') => {
    await run(() => ask((api) => api.admin.closeReport.mutate({ id, as })), words(`${as}Done`)).catch(() => {});
    await pages.reload();
  };
  return (
    <Page title={words('title')} intro={words('intro')}>
      <RadioGroup<ReportState>
        label={words('show')}
        choices={states.map((value) => ({ value, label: words(`state.${value}`) }))}
        value={state}
        onChange={setState}
      />
      <PagedList
        label={words('title')}
        pages={pages}
        empty={words(`none.${state}`)}
        keyOf={({ id }: Report) => id}
      >
        {(report) => (
          <ReportItem
            report={report}
            onClose={(as) => void close(report, as)}
            onSuspend={() => setSuspending(report)}
          />
        )}
      </PagedList>
      {suspending && (
        <ActDialog
          act="suspend"
          account={suspending.author}
          onDone={pages.reload}
          onClosed={() => setSuspending(null)}
        />
      )}
    </Page>
  );
}
