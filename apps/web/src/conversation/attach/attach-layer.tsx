'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { type RefObject, useEffect, useState } from 'react';
import { Later } from '@/shell/later';
import { part } from '../../look/part';
import type { ComposerHandle } from '../composer/composer';
import type { Writing } from '../composer/writing';
import { type Attaching, attachBoard } from './attach-board';
import { DropOverlay } from './drop-overlay';

const AttachDialog = part(() => import('./attach-dialog'));

type AttachLayerProps = {
  readonly conversation: LocalConversation;
  readonly section: RefObject<HTMLElement | null>;
  readonly composer: RefObject<ComposerHandle | null>;
  onSent(): void;
};

type Asked = { readonly attaching: Attaching; readonly writing: Writing };

/** Everything by which something gets attached: the composer's menu asks for it, and files are dropped or pasted anywhere in the chat. */
export default function AttachLayer({ conversation, section, composer, onSent }: AttachLayerProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [open, setOpen] = useState(false);
  const [over, setOver] = useState(false);

  useEffect(() => {
    const ask = (attaching: Attaching) => {
      const writing = composer.current?.writing();
      if (!writing) return;
      setAsked({ attaching, writing });
      setOpen(true);
    };
    const take = (files: FileList) => ask({ type: 'files', files: [...files], asDocuments: false });
    const endAsking = attachBoard.listen(ask);
    const endDropping = section.current ? followDrops(section.current, setOver, take) : () => {};
    return () => {
      endAsking();
      endDropping();
    };
  }, [section, composer]);

  return (
    <>
      {over && <DropOverlay />}
      {asked && (
        <Later>
          <AttachDialog
            attaching={asked.attaching}
            writing={asked.writing}
            conversation={conversation}
            open={open}
            onClose={() => setOpen(false)}
            onClosed={() => {
              setAsked(null);
              // Not where that would bring a keyboard up over half of the screen.
              if (matchMedia('(hover: hover)').matches) composer.current?.focus();
            }}
            onSent={(taken) => {
              composer.current?.taken(taken);
              onSent();
            }}
          />
        </Later>
      )}
    </>
  );
}

/** `over`: files are held above the element. `take`: they were dropped there, or pasted. */
function followDrops(
  element: HTMLElement,
  over: (over: boolean) => void,
  take: (files: FileList) => void,
): () => void {
  const ends = new AbortController();
  // Each element within is entered and left too.
  let depth = 0;
  const drag = (change: -1 | 0 | 1) => (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    depth += change;
    over(depth > 0);
  };
  const { signal } = ends;
  element.addEventListener('dragenter', drag(1), { signal });
  element.addEventListener('dragover', drag(0), { signal });
  element.addEventListener('dragleave', drag(-1), { signal });
  element.addEventListener(
    'drop',
    (event) => {
      depth = 0;
      over(false);
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      take(event.dataTransfer.files);
    },
    { signal },
  );
  element.addEventListener(
    'paste',
    (event) => {
      const { files, types } = event.clipboardData ?? { files: null, types: [] };
      // A table from an office program comes as text and as a picture of itself: the text is meant.
      if (!files?.length || types.includes('text/rtf')) return;
      event.preventDefault();
      take(files);
    },
    { signal },
  );
  return () => ends.abort();
}
