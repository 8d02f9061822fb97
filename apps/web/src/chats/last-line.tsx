'use client';

import { parseContent } from '@tidings/api/content';
import type { LocalConversation, LocalEntry, OutboxItem } from '@tidings/client/local-store';
import { useMemo } from 'react';
import { tickOf } from '@/conversation/log/tick';
import { TickMark } from '@/conversation/message/tick-mark';
import { useName } from '@/conversation/people';
import { preview } from '@/conversation/text/shorten';
import { inOne, useSummary } from '@/conversation/text/use-summary';
import { useSelf, useTyping } from '@/engine/hooks';
import type { MessageRow } from '@/engine/message-rows';
import { useWords } from '@/words/words';
import styles from './chat-row.module.css';
import { firstName } from './first-name';
import { useChangeSentence } from './use-change-sentence';

type LastLineProps = { readonly chat: LocalConversation; readonly waiting: OutboxItem | undefined };

/** What a chat is about at this moment: who types, what one was writing, or the newest message. */
export function LastLine({ chat, waiting }: LastLineProps) {
  const words = useWords('chats');
  const typing = useTyping(chat.conversationId);
  const typer = typing[0];
  if (typer) return <Typing chat={chat} typer={typer} count={typing.length} />;
  if (chat.draft !== null) {
    return (
      <span className={styles.line}>
        <span className={styles.draft}>{words('draft')}</span> {preview(chat.draft, longest)}
      </span>
    );
  }
  if (waiting && isNewer(waiting, chat))
    return <OwnLine chat={chat} row={{ type: 'outbox', key: waiting.clientId, seq: null, item: waiting }} />;
  if (chat.last) return <EntryLine chat={chat} entry={chat.last} />;
  return (
    <span className={styles.line}>{words(chat.head > chat.clearedSeq ? 'noPreview' : 'nothingYet')}</span>
  );
}

const longest = 140;

type TypingProps = {
  readonly chat: LocalConversation;
  readonly typer: Parameters<typeof useName>[0];
  readonly count: number;
};

function Typing({ chat, typer, count }: TypingProps) {
  const words = useWords('chats');
  const name = useName(typer);
  const text = chat.kind === 'direct' ? words('typing') : words('typingIn', { name, others: count - 1 });
  return <span className={`${styles.line} ${styles.typing}`}>{text}</span>;
}

function EntryLine({ chat, entry }: { readonly chat: LocalConversation; readonly entry: LocalEntry }) {
  const self = useSelf();
  if (entry.kind !== 'message') return <ChangeLine entry={entry} />;
  if (entry.sender === self.userId) {
    return (
      <OwnLine
        chat={chat}
        row={{ type: 'entry', key: String(entry.seq), seq: entry.seq, entry, waiting: null }}
      />
    );
  }
  return <OthersLine chat={chat} entry={entry} />;
}

function ChangeLine({ entry }: { readonly entry: LocalEntry }) {
  return <span className={styles.line}>{useChangeSentence(entry)}</span>;
}

function OthersLine({ chat, entry }: { readonly chat: LocalConversation; readonly entry: LocalEntry }) {
  const words = useWords('chats');
  const name = useName(entry.sender);
  const text = useText(entry.content, entry.deleted);
  return (
    <span className={styles.line}>
      {chat.kind === 'group' && (
        <span className={styles.sender}>{words('by', { name: firstName(name) })} </span>
      )}
      {text}
    </span>
  );
}

function OwnLine({ chat, row }: { readonly chat: LocalConversation; readonly row: MessageRow }) {
  const words = useWords('chats');
  const holder = row.type === 'outbox' ? row.item : row.entry;
  const deleted = row.type === 'entry' && row.entry.deleted === true;
  const text = useText(holder.content, deleted);
  return (
    <>
      {!deleted && <TickMark tick={tickOf(row, chat)} />}
      <span className={styles.line}>
        {chat.kind === 'group' && `${words('byYou')} `}
        {text}
      </span>
    </>
  );
}

/** What a message carries stands for it where nothing is written with it, and before what is. */
function useText(content: string, deleted: boolean | undefined): string {
  const words = useWords('chats');
  const parsed = useMemo(() => (deleted ? null : parseContent(content)), [content, deleted]);
  const summary = useSummary(parsed, longest);
  return deleted ? words('deleted') : inOne(summary);
}

/** What was acknowledged stands in the log, perhaps with later messages after it. */
const isNewer = ({ state }: OutboxItem, chat: LocalConversation): boolean =>
  state.type !== 'sent' || state.seq > (chat.last?.seq ?? 0);
