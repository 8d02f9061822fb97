'use client';

import { Dialog } from '@base-ui/react/dialog';
import type { SentContent } from '@tidings/api/content';
import type { Seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { type KeyboardEvent, useMemo, useRef } from 'react';
import { useWords } from '@/words/words';
import type { MessageRow } from '../../engine/message-rows';
import { useCloseWatcher } from '../../look/use-close-watcher';
import type { OverlayProps } from '../actions/delete-dialog';
import { type Holder, HolderProvider } from '../media/holder';
import { MediaWords } from '../media/media-words';
import { SceneProvider, useScene } from '../scene';
import { parsedContent } from '../text/content';
import styles from './lightbox.module.css';
import { LightboxBar } from './lightbox-bar';
import { PictureStage, type StageHandle } from './picture-stage';
import { Sides } from './sides';
import { useSights } from './use-sights';
import { VideoStage } from './video-stage';

type LightboxProps = OverlayProps & {
  readonly conversation: LocalConversation;
  readonly row: MessageRow;
  readonly index: number;
  onJump(target: Seq): void;
  onForward(content: SentContent): void;
};

/** Pictures and videos of a chat, one at a time, as large as the window. */
export default function Lightbox(props: LightboxProps) {
  return (
    <MediaWords>
      <Viewer {...props} />
    </MediaWords>
  );
}

function Viewer({ open, onClose, onClosed, conversation, row, index, onJump, onForward }: LightboxProps) {
  const t = useWords('media.lightbox');
  const popup = useRef<HTMLDivElement>(null);
  const stage = useRef<StageHandle>(null);
  const { sight, before, after, go } = useSights(conversation, row, index);
  const { scene, holder } = useAround(sight?.row ?? row, onClose);
  useCloseWatcher(open, onClose);
  const content = sight && parsedContent(sight.row);
  const item = sight?.content.items[sight.index];
  if (!sight || !item || !content) return null;

  const onKeyDown = (event: KeyboardEvent) => {
    const onSlider = (event.target as Element).matches('input, [role=slider]');
    if (event.key === 'ArrowLeft' && !onSlider) go(-1);
    else if (event.key === 'ArrowRight' && !onSlider) go(1);
    else if (event.key === '+' || event.key === '=') stage.current?.larger();
    else if (event.key === '-') stage.current?.smaller();
    else return;
    event.preventDefault();
  };
  const key = `${sight.row.key} ${sight.index}`;
  const swipes = { onSwipe: go, onSwipeDown: onClose };
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(now) => !now && onClose()}
      onOpenChangeComplete={(now) => !now && onClosed()}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup
          ref={popup}
          className={styles.lightbox}
          aria-label={t('title')}
          initialFocus={popup}
          onKeyDown={onKeyDown}
        >
          <SceneProvider value={scene}>
            <HolderProvider value={holder}>
              <LightboxBar
                sight={sight}
                item={item}
                stage={stage}
                onForward={() => {
                  onClose();
                  if (content.type !== 'unknown') onForward(content);
                }}
                onJump={(target) => {
                  onClose();
                  onJump(target);
                }}
              />
              <div className={styles.stage}>
                {item.kind === 'video' ? (
                  <VideoStage key={key} item={item} />
                ) : (
                  <PictureStage key={key} ref={stage} item={item} swipes={swipes} />
                )}
                <Sides before={before} after={after} onGo={go} />
              </div>
              {sight.content.text !== '' && (
                <p className={styles.caption} dir="auto">
                  {sight.content.text}
                </p>
              )}
            </HolderProvider>
          </SceneProvider>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Parts of a message stand here too: their controls are reached by the Tab key, and what leads out of here closes it first. */
function useAround(row: MessageRow, onClose: () => void) {
  const outer = useScene();
  const scene = useMemo(
    () => ({
      ...outer,
      askAgain: (asked: MessageRow) => {
        onClose();
        outer.askAgain(asked);
      },
    }),
    [outer, onClose],
  );
  const holder = useMemo<Holder>(() => {
    const sender = row.type === 'entry' ? row.entry.sender : outer.self;
    return {
      conversation: outer.id,
      row,
      sender,
      own: sender === outer.self,
      seq: row.seq,
      sending: null,
      tabIndex: 0,
    };
  }, [outer, row]);
  return { scene, holder };
}
