'use client';

import type { MediaItem } from '@tidings/api/media';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useByteSize } from '@/words/use-byte-size';
import { useWords } from '@/words/words';
import { Spinner } from '../../look/spinner';
import { Failure } from './fetching';
import { FileIcon, typeOf } from './file-icon';
import styles from './file-row.module.css';
import { useHolder } from './holder';
import { Ring } from './ring';
import { Sending } from './sending';
import { useFile } from './use-file';
import { useSave } from './use-save';

/** A document: what it is, how large, and a press that downloads it. It is never opened here: nothing received runs. */
export function FileRow({ item }: { readonly item: MediaItem }) {
  const t = useWords('media');
  const { conversation, sending, tabIndex } = useHolder();
  const bytes = useByteSize();
  const view = useFile(conversation, 'document', item.file);
  const save = useSave(conversation);
  const [saving, setSaving] = useState(false);
  const name = item.name || t('kinds.one.document');
  const press = () => {
    setSaving(true);
    void save(item).finally(() => setSaving(false));
  };
  const { state } = view;
  return (
    <>
      <span className={styles.row}>
        <span className={styles.lead}>
          {sending ? (
            <Sending client={sending} plain />
          ) : state.type === 'fetching' ? (
            <Ring
              value={state.total > 0 ? state.received / state.total : null}
              label={t('fetching.progress', { what: name })}
              cancelLabel={t('fetching.cancel')}
              onCancel={view.cancel}
              tabIndex={tabIndex}
              plain
            />
          ) : (
            <FileIcon item={item} />
          )}
        </span>
        <span className={styles.words}>
          <span className={styles.name} dir="auto">
            {name}
          </span>
          <span className={styles.about}>
            {[typeOf(item), bytes(item.file.size)].filter(Boolean).join(' · ')}
          </span>
        </span>
        <button
          type="button"
          className={styles.download}
          tabIndex={tabIndex}
          aria-label={t('document.download', { name })}
          title={t('document.download', { name })}
          aria-busy={saving || undefined}
          onClick={press}
        >
          {saving ? <Spinner /> : <Download aria-hidden="true" />}
        </button>
      </span>
      {state.type === 'failed' && !sending && (
        <Failure code={state.code} onRetry={view.fetch} onSave={press} />
      )}
    </>
  );
}
