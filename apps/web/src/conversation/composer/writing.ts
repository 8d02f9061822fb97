import type { Draft, Quote, SentContent } from '@tidings/api/content';
import type { Seq } from '@tidings/api/ids';

/** What is being written: something new, perhaps in answer to a message, or a message that is being changed. */
export type Writing = {
  readonly text: string;
  readonly replyTo: Quote | null;
  readonly editing: Editing | null;
};

export type Editing = {
  readonly seq: Seq;
  readonly original: SentContent;
  /** What was being written before; it comes back afterwards. */
  readonly before: Pick<Writing, 'text' | 'replyTo'>;
};

export const nothing: Writing = { text: '', replyTo: null, editing: null };

export const reply = (writing: Writing, quote: Quote): Writing => ({
  ...withoutEdit(writing),
  replyTo: quote,
});

export function edit(writing: Writing, seq: Seq, original: SentContent): Writing {
  const { text, replyTo } = withoutEdit(writing);
  return { text: original.text, replyTo: null, editing: { seq, original, before: { text, replyTo } } };
}

/** Gives up the edit, or the answer; the text of what is new stays. */
export const cancel = (writing: Writing): Writing =>
  writing.editing ? withoutEdit(writing) : { ...writing, replyTo: null };

/** What there is to send; null when it is nothing, or says what is there already. */
export function contentOf(writing: Writing): SentContent | null {
  const text = writing.text.trim();
  if (writing.editing) {
    const { original } = writing.editing;
    // What carries something may do without words.
    const empty = text === '' && original.type === 'text';
    return empty || original.text === text ? null : { ...original, text };
  }
  if (text === '') return null;
  return { type: 'text', text, ...(writing.replyTo ? { replyTo: writing.replyTo } : {}) };
}

/**
 * After what was sent is safe in the outbox: the composer is empty again, except for what was typed meanwhile.
 */
export function afterSending(now: Writing, sent: Writing): Writing {
  const rest = now.text.startsWith(sent.text) ? now.text.slice(sent.text.length) : now.text;
  if (now.editing && sent.editing) return { ...withoutEdit(now), text: now.editing.before.text };
  return { text: rest, replyTo: now.replyTo === sent.replyTo ? null : now.replyTo, editing: now.editing };
}

/** As it is kept, on this device and the others. */
export const draftOf = ({ text, replyTo, editing }: Writing): Omit<Draft, 'at'> => ({
  text,
  ...(replyTo ? { replyTo } : {}),
  ...(editing ? { editing: editing.seq } : {}),
});

export const isSameDraft = (a: Omit<Draft, 'at'>, b: Omit<Draft, 'at'>): boolean =>
  a.text === b.text && a.replyTo?.seq === b.replyTo?.seq && a.editing === b.editing;

const withoutEdit = (writing: Writing): Writing =>
  writing.editing ? { ...writing.editing.before, editing: null } : writing;
