'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { useWords } from '@/words/words';
import { useEngine, useSelf } from '../../engine/hooks';
import type { MessageRow } from '../../engine/message-rows';
import { Button } from '../../look/button';
import { Dialog } from '../../look/dialog';
import { toast } from '../../look/toast';
import styles from './dialogs.module.css';
import { permissionsOf } from './permissions';

export type OverlayProps = { readonly open: boolean; onClose(): void; onClosed(): void };
type DeleteDialogProps = OverlayProps & {
  readonly conversation: LocalConversation;
  readonly row: MessageRow;
};

/** For oneself or for everyone, as the message allows; what was never sent is just forgotten. */
export default function DeleteDialog({ open, onClose, onClosed, conversation, row }: DeleteDialogProps) {
  const t = useWords('details.delete');
  const engine = useEngine();
  const self = useSelf();
  const id = conversation.conversationId;
  const may = permissionsOf(row, conversation, self.userId);
  const unsent = row.type === 'outbox' ? row.item : row.waiting?.state.type === 'failed' ? row.waiting : null;
  const run = (work: Promise<unknown>) => {
    onClose();
    work.catch(() => toast(t('failed'), { kind: 'bad' }));
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => !now && onClose()}
      onClosed={onClosed}
      size="small"
      title={t('title')}
      description={unsent ? t('unsent') : may.deleteForAll ? t('choose') : t('forSelfOnly')}
    >
      <div className={styles.choices}>
        {unsent && (
          <Button wide variant="danger" onClick={() => run(engine.discard(unsent.clientId))}>
            {t(row.type === 'outbox' ? 'discard' : 'discardChange')}
          </Button>
        )}
        {may.deleteForAll && row.seq !== null && (
          <Button wide variant="danger" onClick={() => run(engine.remove(id, row.seq))}>
            {t('forEveryone')}
          </Button>
        )}
        {may.deleteForSelf && row.seq !== null && (
          <Button
            wide
            variant={may.deleteForAll ? 'soft' : 'danger'}
            onClick={() => run(engine.putItems([{ key: `hide:${id}:${row.seq}`, value: true }]))}
          >
            {t('forMe')}
          </Button>
        )}
        <Button wide variant="plain" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </Dialog>
  );
}
