'use client';

import type { Account } from '@tidings/api/admin';
import { Ban, KeyRound, LogOut, MoreVertical, ShieldCheck, ShieldOff, UserCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { Avatar } from '@/look/avatar';
import { MenuButton } from '@/look/menu';
import type { MenuEntry } from '@/look/menu-board';
import { useFormats, useWords } from '@/words/words';
import { Tag } from '../parts/tag';
import styles from './account-item.module.css';
import type { UserAct } from './act-dialog';

type AccountItemProps = { readonly account: Account; onAct(act: UserAct): void };

export function AccountItem({ account, onAct }: AccountItemProps) {
  const words = useWords('console.users');
  const format = useFormats();
  const { userId, username, displayName, role, suspendedAt, devices, lastUsedAt } = account;
  const day = (at: number) => format.dateTime(at, { dateStyle: 'medium' });
  return (
    <div className={styles.account}>
      <Avatar id={userId} name={displayName} />
      <div className={styles.who}>
        <p className={styles.name}>
          <span dir="auto">{displayName}</span>
          {role !== 'user' && <Tag>{words(`role.${role}`)}</Tag>}
          {suspendedAt !== null && <Tag kind="bad">{words('suspended')}</Tag>}
        </p>
        <p className={styles.note}>@{username}</p>
      </div>
      <div className={styles.use}>
        <p>{words('devices', { count: devices })}</p>
        <p className={styles.note}>
          {lastUsedAt === null
            ? words('since', { date: day(account.createdAt) })
            : words('used', {
                date: format.dateTime(lastUsedAt, { dateStyle: 'medium', timeStyle: 'short' }),
              })}
        </p>
      </div>
      <MenuButton
        label={words('actions', { name: displayName })}
        tip={false}
        entries={() => entriesFor(account, words, onAct)}
      >
        <MoreVertical />
      </MenuButton>
    </div>
  );
}

/** What the server would refuse isn't offered. */
function entriesFor(
  { role, configured, suspendedAt }: Account,
  words: ReturnType<typeof useWords<'console.users'>>,
  onAct: (act: UserAct) => void,
): readonly MenuEntry[] {
  const entry = (act: UserAct, icon: ReactNode, danger = false): MenuEntry => ({
    ...{ label: words(`${act}.do`), icon, danger },
    onSelect: () => onAct(act),
  });
  const isPerson = role !== 'bot';
  return [
    ...(isPerson ? [entry('signOut', <LogOut />), entry('resetPassword', <KeyRound />)] : []),
    ...(role === 'user' && suspendedAt === null ? [entry('makeOperator', <ShieldCheck />)] : []),
    ...(role === 'operator' && !configured ? [entry('takeOperator', <ShieldOff />)] : []),
    ...(suspendedAt !== null ? [entry('unsuspend', <UserCheck />)] : []),
    ...(role !== 'operator' && suspendedAt === null ? [entry('suspend', <Ban />, true)] : []),
  ];
}
