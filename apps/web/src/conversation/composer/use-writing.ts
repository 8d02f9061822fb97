'use client';

import { type Draft, parseContent, type Quote, type SentContent } from '@tidings/api/content';
import type { ConversationId, Seq } from '@tidings/api/ids';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from '../../engine/client';
import { useDraft } from '../../engine/use-draft';
import {
  afterSending,
  cancel,
  contentOf,
  draftOf,
  edit,
  isSameDraft,
  nothing,
  reply,
  type Writing,
} from './writing';

export type WritingView = {
  readonly writing: Writing;
  setText(text: string): void;
  /** With `text`, words to begin with. */
  startReply(quote: Quote, text?: string): void;
  /** The text and the answered message went with what was attached. */
  taken(sent: Writing): void;
  startEdit(seq: Seq, original: SentContent): void;
  /** Gives the edit or the answer up. */
  cancel(): void;
  /** True when something was put into the outbox. Rejects when this device can't keep it; then everything stays. */
  submit(): Promise<boolean>;
};

/** What is being written in a conversation, kept as its draft on all devices. */
export function useWriting(conversation: ConversationId): WritingView {
  const { engine } = useClient();
  const { draft, save } = useDraft(conversation);
  const [writing, setWriting] = useState<Writing>(nothing);
  const newest = useRef(writing);
  const sending = useRef<Writing | null>(null);

  const change = useCallback(
    (next: Writing) => {
      newest.current = next;
      setWriting(next);
      save(draftOf(next));
    },
    [save],
  );

  useTakeOver(conversation, draft, {
    newest,
    take: (next) => {
      newest.current = next;
      setWriting(next);
    },
  });

  const submit = useCallback(async () => {
    const sent = newest.current;
    const content = contentOf(sent);
    // The same words twice within the few milliseconds of storing them: the key was hit twice.
    if (sending.current === sent) return false;
    if (!content) {
      if (sent.editing) change(cancel(sent));
      return false;
    }
    sending.current = sent;
    try {
      if (sent.editing) await engine.edit(conversation, sent.editing.seq, content);
      else await engine.send(conversation, content);
    } finally {
      sending.current = null;
    }
    change(afterSending(newest.current, sent));
    return true;
  }, [engine, conversation, change]);

  return {
    writing,
    setText: useCallback((text) => change({ ...newest.current, text }), [change]),
    startReply: useCallback(
      (quote, text) => {
        const replying = reply(newest.current, quote);
        change(text === undefined ? replying : { ...replying, text });
      },
      [change],
    ),
    taken: useCallback((sent) => change(afterSending(newest.current, sent)), [change]),
    startEdit: useCallback((seq, original) => change(edit(newest.current, seq, original)), [change]),
    cancel: useCallback(() => change(cancel(newest.current)), [change]),
    submit,
  };
}

type TakeOver = { readonly newest: { readonly current: Writing }; take(writing: Writing): void };

/**
 * A draft that was kept, or comes from another device while nothing is typed here, goes on here. What is typed here comes back as
 * the draft a moment later, perhaps after more was typed: so only who hasn't touched the last one takes the next.
 */
function useTakeOver(conversation: ConversationId, draft: Draft | null | undefined, to: TakeOver): void {
  const { store } = useClient();
  const target = useRef(to);
  target.current = to;
  const last = useRef<Omit<Draft, 'at'>>(draftOf(nothing));
  useEffect(() => {
    if (draft === undefined) return;
    const incoming = draft ?? draftOf(nothing);
    const { newest } = target.current;
    const untouched = isSameDraft(draftOf(newest.current), last.current);
    const isOurs = isSameDraft(draftOf(newest.current), incoming);
    if (isOurs) last.current = incoming;
    if (isOurs || !untouched) return;
    let wanted = true;
    void editedMessage(incoming.editing).then((original) => {
      if (!wanted || !isSameDraft(draftOf(newest.current), last.current)) return;
      last.current = incoming;
      target.current.take(writingOf(incoming, original));
    });
    return () => {
      wanted = false;
    };

    async function editedMessage(seq: Seq | undefined): Promise<SentContent | null> {
      if (seq === undefined) return null;
      const [entry] = await store.lines(conversation, seq, seq, 'newest', 1);
      const content = entry && !entry.deleted ? parseContent(entry.content) : null;
      return content && content.type !== 'unknown' ? content : null;
    }
  }, [draft, conversation, store]);
}

function writingOf({ text, replyTo, editing }: Omit<Draft, 'at'>, original: SentContent | null): Writing {
  if (editing !== undefined && original) return { ...edit(nothing, editing, original), text };
  return { text, replyTo: replyTo ?? null, editing: null };
}
