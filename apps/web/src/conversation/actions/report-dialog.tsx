'use client';

import type { ReportReason } from '@tidings/api/report';
import { useEffect, useState } from 'react';
import { useLocale } from 'use-intl/react';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import { useEngine } from '../../engine/hooks';
import type { MessageRow } from '../../engine/message-rows';
import { Button } from '../../look/button';
import { Dialog } from '../../look/dialog';
import { RadioGroup } from '../../look/radio-group';
import { TextArea } from '../../look/text-field';
import { toast } from '../../look/toast';
import type { OverlayProps } from './delete-dialog';
import styles from './dialogs.module.css';
import { wordsOf } from './quote';

const reasons: readonly ReportReason[] = ['spam', 'abuse', 'illegal', 'other'];
/** Characters of the message that the operators get. */
const excerptCharacters = 2_000;

type ReportDialogProps = OverlayProps & { readonly row: MessageRow };

/** Shows a message to those who run the server. They can't read it there, so this device says what stands in it. */
export default function ReportDialog({ open, onClose, onClosed, row }: ReportDialogProps) {
  const words = useWords('details.report');
  const locale = useLocale();
  const engine = useEngine();
  const errorText = useErrorText();
  const [reason, setReason] = useState<ReportReason>('spam');
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [excerpt, setExcerpt] = useState('');
  useEffect(() => {
    void wordsOf(row, locale).then((text) => setExcerpt(text.slice(0, excerptCharacters)));
  }, [row, locale]);

  const send = async () => {
    if (row.type !== 'entry') return;
    const { conversationId, seq } = row.entry;
    setBusy(true);
    try {
      await engine.api.report.file.mutate({ conversationId, seq, reason, note, excerpt });
      toast(words('done'), { kind: 'good' });
      onClose();
    } catch (error) {
      toast(errorText(error), { kind: 'bad' });
    }
    setBusy(false);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => !now && onClose()}
      onClosed={onClosed}
      size="small"
      title={words('title')}
      description={words('text')}
      footer={
        <Button variant="primary" busy={busy} onClick={() => void send()}>
          {words('send')}
        </Button>
      }
    >
      <div className={styles.choices}>
        <blockquote className={styles.excerpt} dir="auto">
          {excerpt}
        </blockquote>
        <RadioGroup<ReportReason>
          label={words('why')}
          choices={reasons.map((value) => ({ value, label: words(`reason.${value}`) }))}
          value={reason}
          onChange={setReason}
        />
        <TextArea
          label={words('note')}
          maxLength={500}
          rows={2}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
    </Dialog>
  );
}
