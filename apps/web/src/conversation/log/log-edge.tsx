'use client';

import { conversationKind } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { useEffect } from 'react';
import { useWords } from '@/words/words';
import { useConnection } from '../../engine/hooks';
import type { MessagesView } from '../../engine/message-window';
import { Button } from '../../look/button';
import { Spinner } from '../../look/spinner';
import { useTitle } from '../use-title';
import styles from './log-edge.module.css';

type LogEdgeProps = {
  readonly view: MessagesView;
  readonly edge: 'older' | 'newer';
  readonly height: number;
  readonly conversation: LocalConversation;
};

/** Beyond the first and the last line: more is coming, can't be had now, or there is no more. */
export function LogEdge({ view, edge, height, conversation }: LogEdgeProps) {
  const t = useWords('conversation');
  const load = edge === 'older' ? view.loadOlder : view.loadNewer;
  const unavailable = view.unavailable === edge;
  const more = edge === 'older' ? view.hasOlder : view.hasNewer;
  useRetryWhenBack(unavailable, load);
  if (edge === 'newer' && !unavailable) return null;
  return (
    <div className={styles.edge} data-edge={edge} style={height > 0 ? { height } : undefined}>
      {unavailable ? (
        <>
          <span>{t(edge === 'older' ? 'olderUnavailable' : 'newerUnavailable')}</span>
          <Button variant="plain" onClick={() => void load()}>
            {t('tryAgain')}
          </Button>
        </>
      ) : (
        more && <Spinner label={view.loading === 'older' ? t('loadingOlder') : undefined} />
      )}
      {edge === 'older' && !more && view.rows.length > 0 && <Beginning conversation={conversation} />}
    </div>
  );
}

function Beginning({ conversation }: { readonly conversation: LocalConversation }) {
  const t = useWords('conversation');
  const title = useTitle(conversation);
  const direct = conversationKind(conversation.conversationId) === 'direct';
  return (
    <span className={styles.beginning}>
      {t(direct ? 'beginningDirect' : 'beginningGroup', { name: title })}
    </span>
  );
}

function useRetryWhenBack(unavailable: boolean, load: () => Promise<void>): void {
  const live = useConnection().type === 'live';
  useEffect(() => {
    if (unavailable && live) void load();
  }, [unavailable, live, load]);
}
