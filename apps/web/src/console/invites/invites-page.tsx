'use client';

import type { AdminInvite } from '@tidings/api/admin';
import { useState } from 'react';
import { inviteLink } from '@/auth/invite';
import { Button } from '@/look/button';
import { Select } from '@/look/select';
import { useWords } from '@/words/words';
import { ask } from '../console-api';
import { OnceDialog } from '../parts/once-dialog';
import { Page } from '../parts/page';
import { PagedList } from '../parts/paged-list';
import { useAct } from '../use-act';
import { usePages } from '../use-pages';
import { InviteItem } from './invite-item';
import styles from './invites-page.module.css';
import { RevokeInvite } from './revoke-invite';

type Uses = '1' | '5' | '20' | '100';
const uses: readonly Uses[] = ['1', '5', '20', '100'];

/** All of them come in one page: the server gives so many and no more. */
const load = async (_after: null) => ({ items: await ask((api) => api.admin.invites.query()), next: null });

/** The invitations of everybody. */
export function InvitesPage() {
  const words = useWords('console.invites');
  const pages = usePages<AdminInvite, null>(load);
  const run = useAct();
  const [wanted, setWanted] = useState<Uses>('1');
  const [made, setMade] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<AdminInvite | null>(null);
  const create = async () => {
    const invite = await run(() =>
      ask((api) => api.admin.createInvite.mutate({ uses: Number(wanted) })),
    ).catch(() => null);
    if (invite) setMade(invite.code);
    await pages.reload();
  };
  return (
    <Page title={words('title')} intro={words('intro')}>
      <div className={styles.form}>
        <Select<Uses>
          label={words('uses')}
          choices={uses.map((value) => ({ value, label: words('people', { count: Number(value) }) }))}
          value={wanted}
          onChange={setWanted}
        />
        <Button variant="primary" onClick={() => void create()}>
          {words('create')}
        </Button>
      </div>
      <PagedList
        label={words('title')}
        pages={pages}
        empty={words('none')}
        keyOf={({ code }: AdminInvite) => code}
      >
        {(invite) => <InviteItem invite={invite} onRevoke={() => setRevoking(invite)} />}
      </PagedList>
      {made && (
        <OnceDialog
          title={words('madeTitle')}
          description={words('madeText')}
          label={words('link')}
          value={inviteLink(location.origin, made)}
          onClosed={() => setMade(null)}
        />
      )}
      {revoking && (
        <RevokeInvite invite={revoking} onDone={pages.reload} onClosed={() => setRevoking(null)} />
      )}
    </Page>
  );
}
