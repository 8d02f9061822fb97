'use client';

import { ArrowLeft, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { IconButton } from '@/look/icon-button';
import { closeSettings } from '@/shell/navigation';
import { useWords } from '@/words/words';
import { AboutSection } from './about-section';
import { AppearanceSection } from './appearance-section';
import { ConsoleSection } from './console-section';
import { DeveloperSection } from './developer/developer-section';
import { DevicesSection } from './devices-section';
import { InvitesSection } from './invites-section';
import { NotificationsSection } from './notifications-section';
import { PrivacySection } from './privacy-section';
import { ProfileSection } from './profile-section';
import { SecuritySection } from './security-section';
import styles from './settings.module.css';
import { SettingsWords } from './settings-words';
import { SignOut } from './sign-out';
import { StorageSection } from './storage-section';
import { useMe } from './use-me';

const sections = [
  'profile',
  'privacy',
  'notifications',
  'appearance',
  'devices',
  'security',
  'invites',
  'developer',
  'storage',
  'about',
] as const;

type SettingsProps = { onShortcuts(): void };

export default function Settings(props: SettingsProps) {
  return (
    <SettingsWords>
      <AllSettings {...props} />
    </SettingsWords>
  );
}

/** Everything that can be set, on one page: what one looks for is found by scrolling, or by the browser's own search. */
function AllSettings({ onShortcuts }: SettingsProps) {
  const words = useWords('settings');
  const look = useWords('look');
  const me = useMe();
  const title = useRef<HTMLHeadingElement>(null);
  // Who came by a button finds themselves here, not on a button that is gone.
  useEffect(() => title.current?.focus(), []);
  return (
    <div className={styles.settings}>
      <header className={styles.header}>
        <IconButton label={look('back')} className={styles.back} onClick={closeSettings}>
          <ArrowLeft />
        </IconButton>
        <h2 ref={title} tabIndex={-1} className={styles.title}>
          {words('title')}
        </h2>
        <IconButton label={look('close')} className={styles.close} onClick={closeSettings}>
          <X />
        </IconButton>
      </header>
      <div className={styles.scroller}>
        <div className={styles.columns}>
          <ul className={styles.contents} aria-label={words('contents')}>
            {sections.map((section) => (
              <li key={section}>
                <button type="button" className={styles.jump} onClick={() => show(section)}>
                  {words(`${section}.title`)}
                </button>
              </li>
            ))}
          </ul>
          <div className={styles.sections}>
            <ProfileSection {...me} />
            <PrivacySection {...me} />
            <NotificationsSection />
            <AppearanceSection />
            <DevicesSection />
            <SecuritySection />
            <InvitesSection />
            <DeveloperSection />
            <StorageSection />
            {me.me?.operator && <ConsoleSection />}
            <AboutSection onShortcuts={onShortcuts} />
            <SignOut />
          </div>
        </div>
      </div>
    </div>
  );
}

function show(section: (typeof sections)[number]): void {
  document.getElementById(`settings-${section}`)?.scrollIntoView({ behavior: 'smooth' });
  document.getElementById(`settings-${section}-title`)?.focus({ preventScroll: true });
}
