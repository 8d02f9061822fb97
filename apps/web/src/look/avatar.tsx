'use client';

import type { PictureId } from '@tidings/api/ids';
import { paths } from '@tidings/api/protocol';
import { Users } from 'lucide-react';
import { type CSSProperties, useState } from 'react';
import styles from './avatar.module.css';
import { hueOf } from './hue';
import { initialsOf } from './initials';

export type AvatarProps = {
  /** User or conversation: chooses the hue. */
  readonly id: string;
  readonly name: string;
  readonly pictureId?: PictureId | null | undefined;
  readonly kind?: 'person' | 'group';
  readonly size?: 'small' | 'normal' | 'large' | 'huge';
  /** Shows a dot; said elsewhere in words. */
  readonly online?: boolean;
};

/** A picture, or coloured initials where there is none. Decoration: the name stands beside it. */
export function Avatar({
  id,
  name,
  pictureId,
  kind = 'person',
  size = 'normal',
  online = false,
}: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const hue = hueOf(id);
  const colours: CSSProperties = { background: `var(--hue-${hue}-soft)`, color: `var(--hue-${hue}-ink)` };
  const showsPicture = pictureId && broken !== pictureId;
  return (
    <span aria-hidden="true" className={styles.avatar} data-size={size} style={colours}>
      {showsPicture ? (
        // biome-ignore lint/performance/noImgElement: pictures are small already and kept by the service worker
        <img
          className={styles.picture}
          src={`${paths.pictures}/${pictureId}`}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setBroken(pictureId)}
        />
      ) : (
        initialsOf(name) || (kind === 'group' ? <Users /> : '?')
      )}
      {online && <span className={styles.online} />}
    </span>
  );
}
