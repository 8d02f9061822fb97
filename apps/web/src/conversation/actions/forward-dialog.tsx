'use client';

import type { SentContent } from '@tidings/api/content';
import type { ConversationId } from '@tidings/api/ids';
import { useRef, useState } from 'react';
import { useWords } from '@/words/words';
import { useEngine } from '../../engine/hooks';
import { Button } from '../../look/button';
import { Dialog } from '../../look/dialog';
import { toast } from '../../look/toast';
import { openChat } from '../../shell/navigation';
import { ChatPicker } from './chat-picker';
import type { OverlayProps } from './delete-dialog';
import { forwarded } from './forwarded';

type ForwardDialogProps = OverlayProps & { readonly content: SentContent; readonly from: ConversationId };

/** So many chats at once: passing on to everybody should take a moment. */
const mostChats = 5;

/** Passes the words of a message on to other chats. */
export default function ForwardDialog({ open, onClose, onClosed, content, from }: ForwardDialogProps) {
  const t = useWords('details.forward');
  const engine = useEngine();
  const search = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<ReadonlySet<ConversationId>>(new Set());
  const toggle = (id: ConversationId) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    if (next.size > mostChats) toast(t('most', { count: mostChats }), { id: 'forward' });
    else setChosen(next);
  };

  const send = async () => {
    onClose();
    try {
      for (const chat of chosen) await engine.send(chat, forwarded(content));
      const [only] = chosen;
      if (chosen.size === 1 && only !== undefined && only !== from) openChat(only);
      else toast(t('done', { count: chosen.size }));
    } catch {
      toast(t('failed'), { kind: 'bad' });
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(now) => !now && onClose()}
      onClosed={onClosed}
      title={t('title')}
      initialFocus={search}
      flush
      footer={
        <Button variant="primary" disabled={chosen.size === 0} onClick={() => void send()}>
          {t('send', { count: chosen.size })}
        </Button>
      }
    >
      <ChatPicker chosen={chosen} onToggle={toggle} searchRef={search} />
    </Dialog>
  );
}
