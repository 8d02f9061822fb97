'use client';

import { Dialog } from '@base-ui/react/dialog';
import type { Seq } from '@tidings/api/ids';
import type { MediaItem } from '@tidings/api/media';
import { Download, Forward, MessageSquareText, X, ZoomIn, ZoomOut } from 'lucide-react';
import type { RefObject } from 'react';
import { useWords } from '@/words/words';
import { useProfile } from '../../engine/hooks';
import { Avatar } from '../../look/avatar';
import { IconButton } from '../../look/icon-button';
import { useHolder } from '../media/holder';
import type { Sight } from '../media/media-log';
import { useSave } from '../media/use-save';
import { useNameOrYou } from '../people';
import { useTimes } from '../time/use-times';
import styles from './lightbox.module.css';
import type { StageHandle } from './picture-stage';

type LightboxBarProps = {
  readonly sight: Sight;
  readonly item: MediaItem;
  readonly stage: RefObject<StageHandle | null>;
  onForward(): void;
  onJump(target: Seq): void;
};

/** Whose it is and since when, and what can be done with it. */
export function LightboxBar({ sight: { row }, item, stage, onForward, onJump }: LightboxBarProps) {
  const t = useWords('media.lightbox');
  const look = useWords('look');
  const { conversation, sender, seq } = useHolder();
  const name = useNameOrYou(sender);
  const profile = useProfile(sender);
  const times = useTimes();
  const save = useSave(conversation);
  const at = row.type === 'entry' ? row.entry.sentAt : row.item.createdAt;
  return (
    <header className={styles.bar}>
      <span className={styles.face}>
        <Avatar id={sender} name={name} pictureId={profile?.avatarId} size="small" />
      </span>
      <div className={styles.who}>
        <h2 className={styles.name} dir="auto">
          {name}
        </h2>
        <time dateTime={new Date(at).toISOString()}>{times.moment(at)}</time>
      </div>
      {item.kind === 'image' && (
        <>
          <IconButton
            label={t('larger')}
            keys="+"
            className={styles.wide}
            onClick={() => stage.current?.larger()}
          >
            <ZoomIn />
          </IconButton>
          <IconButton
            label={t('smaller')}
            keys="−"
            className={styles.wide}
            onClick={() => stage.current?.smaller()}
          >
            <ZoomOut />
          </IconButton>
        </>
      )}
      {seq !== null && (
        <>
          <IconButton label={t('jump')} onClick={() => onJump(seq)}>
            <MessageSquareText />
          </IconButton>
          <IconButton label={t('forward')} onClick={onForward}>
            <Forward />
          </IconButton>
        </>
      )}
      <IconButton label={t('download')} onClick={() => void save(item)}>
        <Download />
      </IconButton>
      <Dialog.Close
        render={
          <IconButton label={look('close')} keys="Esc">
            <X />
          </IconButton>
        }
      />
    </header>
  );
}
