'use client';

import type { Account } from '@tidings/api/admin';
import { useCallback, useEffect, useState } from 'react';
import { resetLink } from '@/auth/reset-link';
import { SearchField } from '@/look/search-field';
import { useWords } from '@/words/words';
import { ask } from '../console-api';
import { OnceDialog } from '../parts/once-dialog';
import { Page } from '../parts/page';
import { PagedList } from '../parts/paged-list';
import { usePages } from '../use-pages';
import { AccountItem } from './account-item';
import { ActDialog, type UserAct } from './act-dialog';

/** Who types fast asks once. */
const restMs = 200;

type Asked = { readonly act: UserAct; readonly account: Account };
type Reset = { readonly account: Account; readonly code: string };

/** Everybody who has an account here, and what can be done about them. */
export function UsersPage() {
  const words = useWords('console.users');
  const look = useWords('look');
  const [typed, setTyped] = useState('');
  const query = useRested(typed.trim(), restMs);
  const load = useCallback(
    async (after: { name: string; userId: string } | null) => {
      const { accounts, next } = await ask((api) => api.admin.accounts.query({ query, after }));
      return { items: accounts, next };
    },
    [query],
  );
  const pages = usePages(load);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [reset, setReset] = useState<Reset | null>(null);
  return (
    <Page title={words('title')} intro={words('intro')}>
      <SearchField
        label={words('search')}
        clearLabel={look('clear')}
        maxLength={60}
        value={typed}
        onValue={setTyped}
      />
      <PagedList
        label={words('title')}
        pages={pages}
        empty={words('none')}
        keyOf={({ userId }: Account) => userId}
      >
        {(account) => <AccountItem account={account} onAct={(act) => setAsked({ act, account })} />}
      </PagedList>
      {asked && (
        <ActDialog
          {...asked}
          onDone={pages.reload}
          onCode={(code) => setReset({ account: asked.account, code })}
          onClosed={() => setAsked(null)}
        />
      )}
      {reset && !asked && (
        <OnceDialog
          title={words('resetPassword.linkTitle', { name: reset.account.displayName })}
          description={words('resetPassword.linkText')}
          label={words('resetPassword.link')}
          value={resetLink(location.origin, reset.code)}
          onClosed={() => setReset(null)}
        />
      )}
    </Page>
  );
}

/** The value once it has stayed the same for so long. */
function useRested(value: string, ms: number): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}
