'use client';

import { Smile } from 'lucide-react';
import { type RefObject, Suspense, useRef, useState } from 'react';
import { useWords } from '@/words/words';
import { IconButton } from '../../look/icon-button';
import { part } from '../../look/part';

const EmojiPopup = part(() => import('./emoji-popup'));

/** Puts an emoji where the caret is. The picker and its data are loaded when somebody asks for them. */
export function EmojiButton({ area }: { readonly area: RefObject<HTMLTextAreaElement | null> }) {
  const t = useWords('conversation.emoji');
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [loaded, setLoaded] = useState(false);
  return (
    <>
      <IconButton
        ref={button}
        label={t('button')}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => {
          setLoaded(true);
          setOpen(true);
        }}
      >
        <Smile />
      </IconButton>
      {loaded && (
        <Suspense>
          <EmojiPopup
            open={open}
            anchor={button.current}
            returnFocus={() => area.current}
            onClose={() => setOpen(false)}
            onPick={(emoji) => {
              setOpen(false);
              insert(area.current, emoji);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

/** As if it was typed: the browser's undo knows of it. */
function insert(area: HTMLTextAreaElement | null, text: string): void {
  if (!area) return;
  area.focus();
  if (document.execCommand('insertText', false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
  area.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
