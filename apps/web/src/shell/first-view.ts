import type { ConversationId, UserId } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { orderChats } from '@/engine/chats';
import type { Client } from '@/engine/client';
import { firstPaint } from '@/engine/first-paint';
import type { MessageRow } from '@/engine/message-rows';
import { allChats, oneChat, wholeOutbox } from '@/engine/queries';
import { currentRoute } from './navigation';

/** As many as fill a tall screen. */
const rowsInView = 20;
/** A store that doesn't answer is no reason to show nothing: the views wait for it, each by itself. */
const atMostMs = 1_000;

/**
 * Reads what the first rendering shows, before it: one rendering with everything in it, instead of four that each read what the
 * one before has found out, and show it when they know.
 */
export async function prepareFirstView(client: Client): Promise<void> {
  const { chat, view } = currentRoute();
  const shown = view === 'settings' ? null : chat;
  await Promise.race([read(client, shown).catch(() => {}), after(atMostMs)]);
}

async function read(client: Client, shown: ConversationId | null): Promise<void> {
  const [chats, rows] = await Promise.all([
    client.queries.ahead(allChats),
    shown ? readMessages(client, shown) : [],
    client.queries.ahead(wholeOutbox),
  ]);
  if (chats.length === 0) firstPaint.nothingLocal();
  await client.people.ahead([...new Set([...peopleOf(chats), ...sendersOf(rows)])]);
}

async function readMessages(client: Client, chat: ConversationId): Promise<readonly MessageRow[]> {
  const [conversation, messages] = await Promise.all([
    client.queries.ahead(oneChat(chat)),
    client.windows.prepare(chat),
  ]);
  if (!conversation || messages.rows.length === 0) firstPaint.nothingLocal();
  return messages.rows;
}

function peopleOf(chats: readonly LocalConversation[]): readonly UserId[] {
  return orderChats(chats, 'all')
    .slice(0, rowsInView)
    .flatMap(({ peer, last }) => [...(peer ? [peer] : []), ...(last ? [last.sender] : [])]);
}

const sendersOf = (rows: readonly MessageRow[]): readonly UserId[] =>
  rows.flatMap((row) => (row.type === 'entry' ? [row.entry.sender] : []));

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
