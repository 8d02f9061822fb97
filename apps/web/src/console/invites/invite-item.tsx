import type { AdminInvite } from '@tidings/api/admin';
import { Trash2 } from 'lucide-react';
import { inviteLink } from '@/auth/invite';
import { IconButton } from '@/look/icon-button';
import { useFormats, useWords } from '@/words/words';
import styles from './invite-item.module.css';

type InviteItemProps = { readonly invite: AdminInvite; onRevoke(): void };

export function InviteItem({ invite, onRevoke }: InviteItemProps) {
  const words = useWords('console.invites');
  const format = useFormats();
  const { by, code, usesLeft, expiresAt } = invite;
  return (
    <div className={styles.invite}>
      <div className={styles.words}>
        <p className={styles.link}>{inviteLink(location.origin, code)}</p>
        <p className={styles.note}>
          {words('left', {
            count: usesLeft,
            date: format.dateTime(expiresAt, { dateStyle: 'medium', timeStyle: 'short' }),
          })}
        </p>
        <p className={styles.note}>
          {by.displayName === undefined ? words('byServer') : words('by', { name: by.displayName })}
        </p>
      </div>
      <IconButton label={words('revoke')} onClick={onRevoke}>
        <Trash2 />
      </IconButton>
    </div>
  );
}
