'use client';

import type { Quote } from '@tidings/api/content';
import type { ConversationId } from '@tidings/api/ids';
import { useWords } from '@/words/words';
import { Button } from '../../look/button';
import { MediaWords } from '../media/media-words';
import { LiveBar } from './live-bar';
import { PreviewBar } from './preview-bar';
import type { Held } from './record-button';
import styles from './recording.module.css';
import { useRecording } from './use-recording';

type RecordingProps = {
  readonly held: Held;
  readonly conversation: ConversationId;
  readonly replyTo: Quote | null;
  onSent(): void;
  onEnd(): void;
};

/** In place of the composer while one records, and then listens to what was recorded. */
export default function Recording(props: RecordingProps) {
  return (
    <MediaWords>
      <Bar {...props} />
    </MediaWords>
  );
}

function Bar({ held, conversation, replyTo, onSent, onEnd }: RecordingProps) {
  const t = useWords('media.record');
  const recording = useRecording({ held, conversation, replyTo, onSent, onEnd });
  const { state } = recording;
  return (
    <section aria-label={t('title')} className={styles.bar}>
      {state.type === 'asking' && (
        <>
          <p role="status" className={styles.note}>
            {t('asking')}
          </p>
          <Button variant="plain" onClick={recording.discard}>
            {t('cancel')}
          </Button>
        </>
      )}
      {state.type === 'refused' && (
        <>
          <p role="alert" className={styles.problem}>
            {t(state.problem)}
          </p>
          <Button variant="plain" onClick={recording.discard}>
            {t('understood')}
          </Button>
        </>
      )}
      {state.type === 'recording' && (
        <LiveBar
          state={state}
          onStop={recording.stop}
          onDiscard={recording.discard}
          onSend={recording.stopAndSend}
        />
      )}
      {state.type === 'preview' && (
        <PreviewBar recorded={state.recorded} onDiscard={recording.discard} onSend={recording.send} />
      )}
    </section>
  );
}
