'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import {
  type ClipboardEvent,
  type DragEvent,
  lazy,
  type ReactNode,
  type RefObject,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Later } from '@/shell/later';
import type { ComposerHandle } from '../composer/composer';
import type { Writing } from '../composer/writing';

const AttachDialog = lazy(() => import('./attach-dialog'));
const DropOverlay = lazy(() => import('./drop-overlay'));

/** What one is about to send besides words. */
export type Attaching =
  | { readonly type: 'files'; readonly files: readonly File[]; readonly asDocuments: boolean }
  | { readonly type: 'place' }
  | { readonly type: 'contact' };

type Around = {
  readonly conversation: LocalConversation;
  readonly composer: RefObject<ComposerHandle | null>;
  onSent(): void;
};

type Asked = { readonly attaching: Attaching; readonly writing: Writing };

/** Everything by which something gets attached: the composer's menu asks for it, and files are dropped or pasted anywhere in the chat. */
export function useAttach({ conversation, composer, onSent }: Around) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [open, setOpen] = useState(false);
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const may = conversation.removedSeq === null;

  const { ask, handlers } = useMemo(() => {
    const ask = (attaching: Attaching) => {
      const writing = composer.current?.writing();
      if (!writing) return;
      setAsked({ attaching, writing });
      setOpen(true);
    };
    const end = () => {
      depth.current = 0;
      setOver(false);
    };
    const drag = (change: -1 | 0 | 1) => (event: DragEvent) => {
      if (!may || !event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      // Each element within is entered and left too.
      depth.current += change;
      setOver(depth.current > 0);
    };
    const handlers = {
      onDragEnter: drag(1),
      onDragOver: drag(0),
      onDragLeave: drag(-1),
      onDrop(event: DragEvent) {
        end();
        if (!may || event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        ask({ type: 'files', files: [...event.dataTransfer.files], asDocuments: false });
      },
      onPaste(event: ClipboardEvent) {
        const { files, types } = event.clipboardData;
        // A table from an office program comes as text and as a picture of itself: the text is meant.
        if (!may || files.length === 0 || types.includes('text/rtf')) return;
        event.preventDefault();
        ask({ type: 'files', files: [...files], asDocuments: false });
      },
    };
    return { ask, handlers };
  }, [composer, may]);

  const dialogs: ReactNode = asked && (
    <Later>
      <AttachDialog
        attaching={asked.attaching}
        writing={asked.writing}
        conversation={conversation}
        open={open}
        onClose={() => setOpen(false)}
        onClosed={() => setAsked(null)}
        onSent={(taken) => {
          composer.current?.taken(taken);
          onSent();
        }}
      />
    </Later>
  );
  const overlay: ReactNode = over && (
    <Later>
      <DropOverlay />
    </Later>
  );
  return { ask, handlers, dialogs, overlay };
}
