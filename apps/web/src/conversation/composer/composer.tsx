'use client';

import type { Quote, SentContent } from '@tidings/api/content';
import { maxTextBytes } from '@tidings/api/entry';
import type { ConversationId, Seq } from '@tidings/api/ids';
import { SendHorizontal } from 'lucide-react';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type Ref,
  Suspense,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import { useFormats, useWords } from '@/words/words';
import { IconButton } from '../../look/icon-button';
import { part } from '../../look/part';
import { toast } from '../../look/toast';
import { afterFirstPaint } from '../../shell/after-first-paint';
import { EmojiButton } from '../emoji/emoji-button';
import type { Held } from '../record/record-button';
import { bytesTooMany, fits } from '../text/size';
import styles from './composer.module.css';
import { enterSends } from './enter-key';
import { useAutosize } from './use-autosize';
import { useTyping } from './use-typing';
import { useWriting } from './use-writing';
import { contentOf, type Writing } from './writing';

const loadRecording = () => import('../record/recording');
const Recording = part(loadRecording);
const AttachButton = part(async () => {
  await afterFirstPaint();
  return import('../attach/attach-button');
});
const RecordButton = part(async () => {
  await afterFirstPaint();
  return import('../record/record-button');
});
const Banner = part(() => import('./banner'));

export type ComposerHandle = {
  /** With `text`, words to begin with. */
  startReply(quote: Quote, text?: string): void;
  startEdit(seq: Seq, original: SentContent): void;
  focus(): void;
  /** What is being written now, to go with what is attached; `taken` says that it went. */
  writing(): Writing;
  taken(sent: Writing): void;
};

type ComposerProps = {
  readonly conversation: ConversationId;
  onSent(): void;
  /** ArrowUp in an empty composer. */
  onEditLast(): void;
  onScrollPage(direction: 1 | -1): void;
  readonly ref: Ref<ComposerHandle>;
};

/** Where messages are written. It belongs to one conversation: give it the conversation's id as its key. */
export function Composer(props: ComposerProps) {
  const { conversation, onSent, onEditLast, onScrollPage, ref } = props;
  const t = useWords('conversation.composer');
  const failure = useWords('shell.failure');
  const area = useRef<HTMLTextAreaElement>(null);
  const { writing, setText, startReply, startEdit, cancel, submit, taken } = useWriting(conversation);
  const [recording, setRecording] = useState<{ readonly held: Held } | null>(null);
  const typing = useTyping(conversation);
  const [refused, setRefused] = useState(false);
  const tooMany = bytesTooMany(writing.text);
  const problemId = useId();
  const problem = useProblem(refused, tooMany);
  useAutosize(area, writing.text);

  const focus = () => area.current?.focus();
  useImperativeHandle(ref, () => ({
    focus,
    // The menu that asks for it gives the focus to its item first; by then the text is here too.
    startReply(quote, text) {
      startReply(quote, text);
      setTimeout(focus);
    },
    startEdit(seq, original) {
      startEdit(seq, original);
      setTimeout(() => caretToEnd(area.current));
    },
    writing: () => writing,
    taken,
  }));

  const send = async () => {
    if (tooMany > 0) return;
    typing.stopped();
    try {
      const edited = writing.editing !== null;
      if ((await submit()) && !edited) onSent();
    } catch {
      toast(t('deviceFull'), { kind: 'bad' });
    }
  };

  const record = (held: Held) => {
    const there = () => setRecording({ held });
    loadRecording().then(there, () => toast(failure('part'), { kind: 'bad' }));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (isSendKey(event)) void send();
    else if (event.key === 'Escape' && (writing.editing || writing.replyTo)) cancel();
    else if (event.key === 'ArrowUp' && writing.text === '' && !hasModifier(event)) onEditLast();
    else if (isPageKey(event) && !scrolls(area.current)) onScrollPage(event.key === 'PageUp' ? -1 : 1);
    else return;
    event.preventDefault();
  };

  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const pasted = event.clipboardData.getData('text/plain');
    const tooLong = !fits(writing.text, pasted);
    setRefused(tooLong);
    if (tooLong) event.preventDefault();
  };

  const canSend = tooMany === 0 && contentOf(writing) !== null;
  const records = writing.text.trim() === '' && !writing.editing && canRecord();
  const sendButton = (
    <IconButton
      label={t('send')}
      variant="primary"
      tip={false}
      className={styles.send}
      aria-disabled={!canSend}
      // The focus stays in the text, and with it the keyboard of a phone.
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => void send()}
    >
      <SendHorizontal />
    </IconButton>
  );
  return (
    <div className={styles.composer}>
      {(writing.editing || writing.replyTo) && (
        <Suspense>
          <Banner writing={writing} onCancel={cancel} />
        </Suspense>
      )}
      {problem && (
        <p id={problemId} role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      {recording && (
        <Suspense>
          <Recording
            held={recording.held}
            conversation={conversation}
            replyTo={writing.replyTo}
            onSent={() => {
              taken({ ...writing, text: '' });
              onSent();
            }}
            onEnd={() => {
              setRecording(null);
              setTimeout(focus);
            }}
          />
        </Suspense>
      )}
      <div className={styles.row} inert={recording !== null}>
        <div className={styles.field}>
          <EmojiButton area={area} />
          <textarea
            ref={area}
            className={styles.area}
            rows={1}
            dir="auto"
            aria-label={t('message')}
            placeholder={t('message')}
            aria-describedby={problem ? problemId : undefined}
            aria-invalid={tooMany > 0 || undefined}
            enterKeyHint={enterSends() ? 'send' : 'enter'}
            autoComplete="off"
            value={writing.text}
            onChange={(event) => {
              setText(event.target.value);
              setRefused(false);
              if (event.target.value.trim() === '') typing.stopped();
              else typing.typed();
            }}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            onBlur={typing.stopped}
          />
          {!writing.editing && (
            <Suspense>
              <AttachButton />
            </Suspense>
          )}
        </div>
        {records ? (
          <Suspense fallback={sendButton}>
            <RecordButton onRecord={record} />
          </Suspense>
        ) : (
          sendButton
        )}
      </div>
    </div>
  );
}

function useProblem(refused: boolean, tooMany: number): string | null {
  const t = useWords('conversation.composer');
  const format = useFormats();
  const limit = format.number(maxTextBytes / 1_024);
  if (tooMany > 0) return t('tooLong', { limit, over: format.number(tooMany) });
  return refused ? t('pasteTooLong', { limit }) : null;
}

function isSendKey(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' || event.altKey || event.shiftKey) return false;
  return enterSends() || event.ctrlKey || event.metaKey;
}

/** Not in an insecure page (`http://` in a home network), where a browser gives no microphone. */
const canRecord = (): boolean => typeof navigator !== 'undefined' && !!navigator.mediaDevices;

const isPageKey = (event: KeyboardEvent): boolean => event.key === 'PageUp' || event.key === 'PageDown';

const hasModifier = (event: KeyboardEvent): boolean =>
  event.shiftKey || event.ctrlKey || event.altKey || event.metaKey;

const scrolls = (area: HTMLTextAreaElement | null): boolean =>
  area !== null && area.scrollHeight > area.clientHeight + 1;

function caretToEnd(area: HTMLTextAreaElement | null): void {
  area?.focus();
  area?.setSelectionRange(area.value.length, area.value.length);
}

/** Whether to put the focus into the composer at once: not where that would bring a keyboard up over half of the screen. */
export const useFocusOnOpen = (composer: { readonly current: ComposerHandle | null }): void => {
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) composer.current?.focus();
  }, [composer]);
};
