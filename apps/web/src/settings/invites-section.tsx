'use client';

import type { Invite } from '@tidings/api/invite';
import { Copy, Link2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { inviteLink } from '@/auth/invite';
import { Button } from '@/look/button';
import { copyText } from '@/look/copy-text';
import { IconButton } from '@/look/icon-button';
import { Select } from '@/look/select';
import { toast } from '@/look/toast';
import { useFormats, useWords } from '@/words/words';
import { Section } from './section';
import styles from './section.module.css';
import { useInvites } from './use-invites';

type Uses = '1' | '5' | '20' | '100';
const uses: readonly Uses[] = ['1', '5', '20', '100'];

/** Links with which others make an account here. */
export function InvitesSection() {
  const words = useWords('settings.invites');
  const { invites, busy, create, revoke } = useInvites();
  const [wanted, setWanted] = useState<Uses>('1');
  return (
    <Section id="invites" title={words('title')} intro={words('intro')}>
      <Select<Uses>
        label={words('uses')}
        choices={uses.map((value) => ({ value, label: words('people', { count: Number(value) }) }))}
        value={wanted}
        onChange={setWanted}
      />
      <div className={styles.actions}>
        <Button busy={busy} onClick={() => void create(Number(wanted))}>
          {words('create')}
        </Button>
      </div>
      {invites.length > 0 && (
        <ul className={styles.list} aria-label={words('list')}>
          {invites.map((invite) => (
            <InviteItem key={invite.code} invite={invite} onRevoke={() => void revoke(invite)} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function InviteItem({ invite, onRevoke }: { readonly invite: Invite; onRevoke(): void }) {
  const words = useWords('settings.invites');
  const format = useFormats();
  const link = inviteLink(location.origin, invite.code);
  const copy = async () => {
    if (await copyText(link)) toast(words('copied'), { kind: 'good' });
    else toast(words('copyFailed'), { kind: 'bad' });
  };
  return (
    <li className={styles.item}>
      <Link2 aria-hidden="true" />
      <div className={styles.words}>
        <p>{link}</p>
        <p className={styles.note}>
          {words('left', {
            count: invite.usesLeft,
            date: format.dateTime(invite.expiresAt, { dateStyle: 'medium', timeStyle: 'short' }),
          })}
        </p>
      </div>
      <IconButton label={words('copy')} onClick={() => void copy()}>
        <Copy />
      </IconButton>
      <IconButton label={words('revoke')} onClick={onRevoke}>
        <Trash2 />
      </IconButton>
    </li>
  );
}
