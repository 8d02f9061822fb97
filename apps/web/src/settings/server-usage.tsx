'use client';

import type { AssetUsage } from '@tidings/api/asset';
import { useEffect, useState } from 'react';
import { useConnection, useEngine } from '@/engine/hooks';
import { VisuallyHidden } from '@/look/visually-hidden';
import { useByteSize } from '@/words/use-byte-size';
import { useWords } from '@/words/words';
import styles from './server-usage.module.css';

/** How much of what one sent the server keeps, and how much it may be. Known with a connection only. */
export function ServerUsage() {
  const words = useWords('settings.storage');
  const size = useByteSize();
  const usage = useServerUsage();
  if (!usage) return null;
  const fraction = usage.quota > 0 ? Math.min(1, usage.bytes / usage.quota) : 0;
  const text = words('serverUsed', { used: size(usage.bytes), quota: size(usage.quota) });
  return (
    <div className={styles.usage}>
      <h4 className={styles.title}>{words('server')}</h4>
      <VisuallyHidden>
        <meter aria-label={words('server')} max={usage.quota} value={usage.bytes}>
          {text}
        </meter>
      </VisuallyHidden>
      <div className={styles.meter} aria-hidden="true" data-full={fraction > 0.9 || undefined}>
        <span style={{ width: `${fraction * 100}%` }} />
      </div>
      <p>{text}</p>
      <p className={styles.note}>{words('serverText', { largest: size(usage.largest) })}</p>
    </div>
  );
}

function useServerUsage(): AssetUsage | null {
  const engine = useEngine();
  const live = useConnection().type === 'live';
  const [usage, setUsage] = useState<AssetUsage | null>(null);
  useEffect(() => {
    if (!live) return;
    let wanted = true;
    // The line went, or the server keeps no files: nothing to tell.
    engine.api.asset.usage.query().then(
      (answer) => wanted && setUsage(answer),
      () => {},
    );
    return () => {
      wanted = false;
    };
  }, [engine, live]);
  return usage;
}
