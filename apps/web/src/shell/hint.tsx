'use client';

import { BellRing, Download, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useChats } from '@/engine/hooks';
import { useInstall, useNotifications } from '@/engine/use-app';
import { Button } from '@/look/button';
import { IconButton } from '@/look/icon-button';
import { withDetails } from '@/words/detail-words';
import { useWords } from '@/words/words';
import { dismissHint, type HintName, isDismissed } from './dismissed-hints';
import styles from './hint.module.css';

/** One thing at a time that makes the app better on this device; said no to once, it doesn't come again. */
export default withDetails(Hint);

function Hint() {
  const words = useWords('details.hint');
  const install = useInstall();
  const notifications = useNotifications();
  const hasChats = (useChats()?.length ?? 0) > 0;
  const [, setDismissals] = useState(0);
  const dismiss = (name: HintName) => {
    dismissHint(name);
    setDismissals((count) => count + 1);
  };
  if (!hasChats) return null;
  if (notifications.permission === 'default' && !isDismissed('notifications')) {
    return (
      <HintCard
        icon={<BellRing />}
        text={words('notifications')}
        action={words('turnOn')}
        onAction={() => void notifications.turn(true).then(() => dismiss('notifications'))}
        onClose={() => dismiss('notifications')}
      />
    );
  }
  if (install.available && !isDismissed('install')) {
    return (
      <HintCard
        icon={<Download />}
        text={words('install')}
        action={words('installAction')}
        onAction={() => void install.install().then(() => dismiss('install'))}
        onClose={() => dismiss('install')}
      />
    );
  }
  return null;
}

type HintCardProps = {
  readonly icon: ReactNode;
  readonly text: string;
  readonly action: string;
  onAction(): void;
  onClose(): void;
};

function HintCard({ icon, text, action, onAction, onClose }: HintCardProps) {
  const words = useWords('details.hint');
  return (
    <aside className={styles.hint} aria-label={words('label')}>
      <span aria-hidden="true" className={styles.icon}>
        {icon}
      </span>
      <div className={styles.words}>
        <p>{text}</p>
        <Button className={styles.action} onClick={onAction}>
          {action}
        </Button>
      </div>
      <IconButton label={words('notNow')} size="small" onClick={onClose}>
        <X />
      </IconButton>
    </aside>
  );
}
