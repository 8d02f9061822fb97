'use client';

import { ArrowLeft, ArrowRight, Plus, SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { Preparation } from '@/media/port';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import { useClient } from '../../engine/client';
import { Button } from '../../look/button';
import { Dialog } from '../../look/dialog';
import { IconButton } from '../../look/icon-button';
import { Switch } from '../../look/switch';
import { toast } from '../../look/toast';
import { useAutosize } from '../composer/use-autosize';
import { bytesTooMany } from '../text/size';
import { useTitle } from '../use-title';
import type { AttachDialogProps } from './attach-dialog';
import styles from './files-dialog.module.css';
import { pickFiles } from './pick-files';
import { PickedTile } from './picked-tile';
import { PickedView } from './picked-view';
import { usePicked } from './use-picked';
import { useStates } from './use-states';

type FilesDialogProps = AttachDialogProps & {
  readonly files: readonly File[];
  readonly asDocuments: boolean;
};

/** What was picked, before it is sent: to look at, to take out, to order, and to write something with. */
export default function FilesDialog(props: FilesDialogProps) {
  const { conversation, writing, files, asDocuments, open, onClose, onClosed, onSent } = props;
  const t = useWords('media.files');
  const words = useWords('conversation');
  const title = useTitle(conversation);
  const { media } = useClient();
  const errorText = useErrorText();
  const picked = usePicked(files, { asDocuments, keepLocation: false });
  const { preparations, wishes } = picked;
  const states = useStates(preparations);
  const [at, setAt] = useState(0);
  const [caption, setCaption] = useState(writing.editing ? '' : writing.text);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useAutosize(field, caption);

  const chosen = Math.min(at, preparations.length - 1);
  const refused = states.filter((state) => state.type === 'refused').length;
  const canSend = preparations.length > refused && bytesTooMany(caption) === 0;
  const pictures = preparations.some(({ file }) => file.type.startsWith('image/'));
  const visual = preparations.some(({ file }) => /^(image|video)\//.test(file.type));
  const close = (now: boolean) => !now && onClose();
  const remove = (preparation: Preparation) => {
    picked.remove(preparation);
    if (preparations.length === 1) onClose();
  };
  const move = (by: -1 | 1) => {
    picked.move(chosen, chosen + by);
    setAt(chosen + by);
  };
  const send = async () => {
    if (!canSend || busy) return;
    setBusy(true);
    const sent = preparations.filter((_, index) => states[index]?.type !== 'refused');
    picked.keep();
    for (const one of preparations) if (!sent.includes(one)) one.discard();
    onClose();
    const { replyTo } = writing;
    const words = { text: caption.trim(), ...(replyTo ? { replyTo } : {}) };
    try {
      await media.send(conversation.conversationId, sent, words);
      onSent(writing.editing ? { ...writing, text: '' } : writing);
    } catch (error) {
      toast(errorText(error), { kind: 'bad' });
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  const preparation = preparations[chosen];
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      onClosed={onClosed}
      title={t('title', { count: preparations.length, title })}
      initialFocus={field}
      footer={
        <div className={styles.write}>
          <textarea
            ref={field}
            className={styles.caption}
            rows={1}
            dir="auto"
            aria-label={t('caption')}
            placeholder={t('caption')}
            value={caption}
            onChange={(event) => setCaption(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
          <IconButton
            label={words('composer.send')}
            variant="primary"
            tip={false}
            aria-disabled={!canSend || busy}
            onClick={() => void send()}
          >
            <SendHorizontal />
          </IconButton>
        </div>
      }
    >
      {preparation && (
        <PickedView key={preparation.id} preparation={preparation} state={states[chosen] ?? null} />
      )}
      <div className={styles.strip}>
        <ol className={styles.tiles} aria-label={t('list')}>
          {preparations.map((one, index) => (
            <PickedTile
              key={one.id}
              preparation={one}
              state={states[index] ?? null}
              current={index === chosen}
              onPress={() => setAt(index)}
              onRemove={() => remove(one)}
            />
          ))}
        </ol>
        <IconButton
          label={t('add')}
          variant="soft"
          onClick={() => pickFiles(wishes.asDocuments ? '' : 'image/*,video/*', picked.add)}
        >
          <Plus />
        </IconButton>
      </div>
      {preparations.length > 1 && (
        <div className={styles.order}>
          <Button variant="plain" icon={<ArrowLeft />} disabled={chosen === 0} onClick={() => move(-1)}>
            {t('earlier')}
          </Button>
          <Button
            variant="plain"
            icon={<ArrowRight />}
            disabled={chosen === preparations.length - 1}
            onClick={() => move(1)}
          >
            {t('later')}
          </Button>
        </div>
      )}
      <div role="status" className={styles.notes}>
        {picked.left > 0 && <p>{t('left', { count: picked.left })}</p>}
        {refused > 0 && <p>{t('refused', { count: refused })}</p>}
      </div>
      {(visual || wishes.asDocuments) && (
        <Switch
          label={t('asDocuments')}
          hint={t('asDocumentsHint')}
          checked={wishes.asDocuments}
          onChange={(asDocuments) => picked.wish({ asDocuments })}
        />
      )}
      {pictures && !wishes.asDocuments && (
        <Switch
          label={t('keepLocation')}
          hint={t('keepLocationHint')}
          checked={wishes.keepLocation}
          onChange={(keepLocation) => picked.wish({ keepLocation })}
        />
      )}
    </Dialog>
  );
}
