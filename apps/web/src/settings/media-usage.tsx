'use client';

import type { ConversationId } from '@tidings/api/ids';
import { type MediaKind, mediaKinds } from '@tidings/api/media';
import type { LocalConversation } from '@tidings/client/local-store';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { usePicture, useTitle } from '@/conversation/use-title';
import { useClient } from '@/engine/client';
import { useAllChats } from '@/engine/hooks';
import { Avatar } from '@/look/avatar';
import { Button } from '@/look/button';
import { ConfirmDialog } from '@/look/confirm-dialog';
import { toast } from '@/look/toast';
import type { MediaUsage as Usage } from '@/media/port';
import { useErrorText } from '@/words/error-text';
import { useByteSize } from '@/words/use-byte-size';
import { useWords } from '@/words/words';
import styles from './media-usage.module.css';
import { StoragePart } from './storage-part';

/** What is to be taken off this device. */
type Freeing = { readonly conversation?: ConversationId; readonly kinds?: readonly MediaKind[] };

/** What photos, videos and files take on this device, by kind and by chat, and the way to free it. */
export function MediaUsage({ onFreed }: { onFreed(): Promise<void> }) {
  const words = useWords('settings.storage');
  const errorText = useErrorText();
  const size = useByteSize();
  const { media } = useClient();
  const { usage, load } = useMediaUsage();
  const [asked, setAsked] = useState<Freeing | null>(null);
  const [open, setOpen] = useState(false);
  if (!usage) return null;
  const ask = (freeing: Freeing) => {
    setAsked(freeing);
    setOpen(true);
  };
  const free = async () => {
    try {
      toast(words('freed', { size: size(await media.free(asked ?? {})) }));
    } catch (error) {
      toast(errorText(error), { kind: 'bad' });
    }
    await Promise.all([load(), onFreed()]);
  };
  return (
    <StoragePart title={words('media')} note={words(usage.total > 0 ? 'mediaText' : 'mediaNone')}>
      {usage.total > 0 && (
        <>
          <Bar usage={usage} />
          <ul className={styles.list} aria-label={words('byKind')}>
            {mediaKinds
              .filter((kind) => usage.kinds[kind] > 0)
              .map((kind) => (
                <li key={kind} className={styles.item}>
                  <span className={styles.swatch} data-kind={kind} />
                  <span className={styles.words}>{words(`kinds.${kind}`)}</span>
                  <span className={styles.size}>{size(usage.kinds[kind])}</span>
                  <Button
                    variant="plain"
                    aria-label={words('freeOf', { what: words(`kinds.${kind}`) })}
                    onClick={() => ask({ kinds: [kind] })}
                  >
                    {words('free')}
                  </Button>
                </li>
              ))}
          </ul>
          <ChatUsages usage={usage} onFree={(conversation) => ask({ conversation })} />
          <div>
            <Button onClick={() => ask({})}>{words('freeAll')}</Button>
          </div>
        </>
      )}
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={words('freeTitle')}
        action={words('free')}
        onConfirm={free}
      >
        {words('freeText')}
      </ConfirmDialog>
    </StoragePart>
  );
}

function Bar({ usage }: { readonly usage: Usage }) {
  return (
    <div className={styles.bar} aria-hidden="true">
      {mediaKinds.map((kind) => (
        <span key={kind} data-kind={kind} style={{ flexGrow: usage.kinds[kind] }} />
      ))}
    </div>
  );
}

/** So many of the largest. */
const mostChats = 8;

type ChatUsagesProps = { readonly usage: Usage; onFree(chat: ConversationId): void };

function ChatUsages({ usage, onFree }: ChatUsagesProps) {
  const words = useWords('settings.storage');
  const largest = useMemo(
    () => [...usage.conversations].sort(([, a], [, b]) => b - a).slice(0, mostChats),
    [usage],
  );
  return (
    <ul className={styles.list} aria-label={words('byChat')}>
      {largest.map(([id, bytes]) => (
        <ChatUsage key={id} id={id} bytes={bytes} onFree={() => onFree(id)} />
      ))}
    </ul>
  );
}

type ChatUsageProps = { readonly id: ConversationId; readonly bytes: number; onFree(): void };

function ChatUsage({ id, bytes, onFree }: ChatUsageProps) {
  const chat = useAllChats()?.find(({ conversationId }) => conversationId === id);
  return chat ? <KnownChatUsage chat={chat} bytes={bytes} onFree={onFree} /> : null;
}

type KnownChatUsageProps = Omit<ChatUsageProps, 'id'> & { readonly chat: LocalConversation };

function KnownChatUsage({ chat, bytes, onFree }: KnownChatUsageProps) {
  const words = useWords('settings.storage');
  const size = useByteSize();
  const title = useTitle(chat);
  const picture = usePicture(chat);
  return (
    <li className={styles.item}>
      <Avatar
        id={chat.peer ?? chat.conversationId}
        name={title}
        pictureId={picture}
        kind={chat.kind === 'group' ? 'group' : 'person'}
        size="small"
      />
      <span className={styles.words} dir="auto">
        {title}
      </span>
      <span className={styles.size}>{size(bytes)}</span>
      <Button variant="plain" aria-label={words('freeOf', { what: title })} onClick={onFree}>
        {words('free')}
      </Button>
    </li>
  );
}

function useMediaUsage() {
  const { media } = useClient();
  const [usage, setUsage] = useState<Usage | null>(null);
  const load = useCallback(async () => {
    // Where the browser keeps nothing there is nothing to tell.
    await media.usage().then(setUsage, () => {});
  }, [media]);
  useEffect(() => {
    void load();
  }, [load]);
  return { usage, load };
}
