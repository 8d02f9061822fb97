'use client';

import { TidingsError } from '@tidings/api/errors';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import { useEngine } from '../../engine/hooks';
import type { MessageRow } from '../../engine/message-rows';
import { copyText } from '../../look/copy-text';
import { parsedContent } from '../text/content';
import styles from './failed-actions.module.css';

/** Under a message that was refused for good or waited too long. */
export default function FailedActions({ row }: { readonly row: MessageRow }) {
  const t = useWords('conversation');
  const errorText = useErrorText();
  const engine = useEngine();
  const item = row.type === 'outbox' ? row.item : row.waiting;
  if (item?.state.type !== 'failed') return null;
  const content = parsedContent(row);
  const { code } = item.state;
  return (
    <div className={styles.failed}>
      <span className={styles.why}>
        {code === 'expired'
          ? t('failed.expired')
          : `${t('failed.refused')} ${errorText(new TidingsError(code))}`}
      </span>
      <button type="button" onClick={() => void engine.retry(item.clientId)}>
        {t('failed.retry')}
      </button>
      {content.type !== 'unknown' && content.text !== '' && (
        <button type="button" onClick={() => void copyText(content.text)}>
          {t('failed.copy')}
        </button>
      )}
      <button type="button" onClick={() => void engine.discard(item.clientId)}>
        {t('failed.delete')}
      </button>
    </div>
  );
}
