'use client';

import { CloudOff, RefreshCw, TriangleAlert, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useSession } from '@/engine/boot';
import { useConnection, useEngine, useTrouble } from '@/engine/hooks';
import { useUpdate } from '@/engine/use-app';
import { IconButton } from '@/look/icon-button';
import { Spinner } from '@/look/spinner';
import { useWords } from '@/words/words';
import styles from './banners.module.css';
import { type ConnectionNews, newsOf } from './connection-news';

/** Above everything: how the connection is, and what the user should know of the app itself. */
export function Banners() {
  return (
    <div className={styles.banners}>
      <ConnectionBanner />
      <UpdateBanner />
      <TroubleBanner />
    </div>
  );
}

/** Always in the page, so that screen readers hear it change. */
function ConnectionBanner() {
  const words = useWords('shell.connection');
  const engine = useEngine();
  const news = useConnectionNews();
  return (
    <div role="status">
      {news === 'waiting' && (
        <Banner
          kind="warn"
          icon={<CloudOff />}
          action={{ label: words('retry'), onPress: () => engine.wake() }}
        >
          {words('waiting')}
        </Banner>
      )}
      {news === 'updating' && (
        <Banner kind="plain" icon={<Spinner />}>
          {words('updating')}
        </Banner>
      )}
    </div>
  );
}

/** What to say of the connection: short troubles pass unseen. */
function useConnectionNews(): ConnectionNews {
  const connection = useConnection();
  const { news, afterMs } = newsOf(connection);
  const [said, setSaid] = useState<ConnectionNews>(null);
  const waitMs = said === null ? afterMs : 0;
  useEffect(() => {
    const timer = setTimeout(() => setSaid(news), waitMs);
    return () => clearTimeout(timer);
  }, [news, waitMs]);
  return said;
}

function UpdateBanner() {
  const words = useWords('shell.update');
  const update = useUpdate();
  const outdated = useSession().ended === 'outdated-client';
  const [later, setLater] = useState(false);
  if (outdated) {
    const reload = () => (update.available ? update.apply() : location.reload());
    return (
      <section aria-label={words('label')}>
        <Banner kind="bad" icon={<TriangleAlert />} action={{ label: words('reload'), onPress: reload }}>
          {words('outdated')}
        </Banner>
      </section>
    );
  }
  if (!update.available || later) return null;
  return (
    <section aria-label={words('label')}>
      <Banner
        kind="plain"
        icon={<RefreshCw />}
        action={{ label: words('reload'), onPress: () => update.apply() }}
        onClose={() => setLater(true)}
      >
        {words('available')}
      </Banner>
    </section>
  );
}

function TroubleBanner() {
  const words = useWords('shell.trouble');
  const trouble = useTrouble()?.type ?? null;
  const [closed, setClosed] = useState<typeof trouble>(null);
  if (trouble === null || trouble === closed) return null;
  return (
    <section aria-label={words('label')}>
      <Banner kind="warn" icon={<TriangleAlert />} onClose={() => setClosed(trouble)}>
        {words(trouble)}
      </Banner>
    </section>
  );
}

type BannerProps = {
  readonly kind: 'plain' | 'warn' | 'bad';
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly action?: { readonly label: string; onPress(): void };
  onClose?(): void;
};

function Banner({ kind, icon, children, action, onClose }: BannerProps) {
  const words = useWords('look');
  return (
    <div className={styles.banner} data-kind={kind}>
      <span aria-hidden="true" className={styles.icon}>
        {icon}
      </span>
      <p className={styles.text}>{children}</p>
      {action && (
        <button type="button" className={styles.action} onClick={() => action.onPress()}>
          {action.label}
        </button>
      )}
      {onClose && (
        <IconButton label={words('close')} size="small" tip={false} onClick={onClose}>
          <X />
        </IconButton>
      )}
    </div>
  );
}
