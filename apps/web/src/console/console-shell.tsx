'use client';

import { Menu, MessagesSquare } from 'lucide-react';
import Link from 'next/link';
import { type ComponentType, useEffect, useRef } from 'react';
import { ErrorBoundary } from '@/look/error-boundary';
import { Logo } from '@/look/logo';
import { MenuButton } from '@/look/menu';
import { MenuLayer } from '@/look/menu-layer';
import { ToastLayer } from '@/look/toast-layer';
import { TooltipLayer } from '@/look/tooltip-layer';
import { PaneFailure } from '@/shell/pane-failure';
import { useWords } from '@/words/words';
import { AuditPage } from './audit/audit-page';
import styles from './console.module.css';
import { InvitesPage } from './invites/invites-page';
import { type Place, places, usePlace } from './places';
import { ReportsPage } from './reports/reports-page';
import { SettingsPage } from './settings/settings-page';
import { UsersPage } from './users/users-page';

const pages: Readonly<Record<Place, ComponentType>> = {
  users: UsersPage,
  reports: ReportsPage,
  invites: InvitesPage,
  settings: SettingsPage,
  audit: AuditPage,
};

/** The menu beside the page; on a phone behind a button above it. */
export function ConsoleShell() {
  const words = useWords('console');
  const place = usePlace();
  const Page = pages[place];
  const main = useRef<HTMLElement>(null);
  const came = useRef(place);
  useEffect(() => {
    // Who chose another page goes on there, at its top.
    if (came.current === place) return;
    came.current = place;
    main.current?.scrollTo({ top: 0 });
    main.current?.focus({ preventScroll: true });
  }, [place]);
  return (
    <div className={styles.console}>
      <header className={styles.side}>
        <div className={styles.brand}>
          <Logo size={32} />
          <p className={styles.name}>{words('title')}</p>
          <MenuButton
            label={words('menu')}
            className={styles.more}
            entries={() => [
              ...places.map(({ id, Icon }) => ({
                label: words(`${id}.title`),
                icon: <Icon />,
                onSelect: () => {
                  location.hash = id;
                },
              })),
              'separator',
              { label: words('toChats'), icon: <MessagesSquare />, onSelect: () => location.assign('/') },
            ]}
          >
            <Menu />
          </MenuButton>
        </div>
        <nav aria-label={words('title')} className={styles.nav}>
          {places.map(({ id, Icon }) => (
            <a
              key={id}
              href={`#${id}`}
              className={styles.place}
              aria-current={id === place ? 'page' : undefined}
            >
              <Icon aria-hidden="true" />
              {words(`${id}.title`)}
            </a>
          ))}
          <Link href="/" className={styles.home}>
            <MessagesSquare aria-hidden="true" />
            {words('toChats')}
          </Link>
        </nav>
      </header>
      <main ref={main} className={styles.page} tabIndex={-1} aria-label={words(`${place}.title`)}>
        <ErrorBoundary key={place} fallback={(retry) => <PaneFailure onRetry={retry} />}>
          <Page />
        </ErrorBoundary>
      </main>
      <MenuLayer />
      <TooltipLayer />
      <ToastLayer />
    </div>
  );
}
