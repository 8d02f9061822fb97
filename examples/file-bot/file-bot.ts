/**
 * A bot that answers with files, in direct chats: what is written to it comes back as a text file, and of a file that is sent to it, it says what
 * arrived. It shows both ways of media on the client engine.
 *
 *     npx node examples/file-bot/file-bot.ts http://localhost:3000 files 'a good password'
 *
 * The account is made when there is none.
 */
import { createHash } from 'node:crypto';
import { parseContent, type SentContent } from '@tidings/api/content';
import { TidingsError } from '@tidings/api/errors';
import { type ConversationId, seq } from '@tidings/api/ids';
import type { MediaItem } from '@tidings/api/media';
import type { LocalConversation, LocalEntry } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import { connectNode, type NodeSession, signIn, signUp } from '@tidings/client/node';

const [url = 'http://localhost:3000', username = 'files', password = ''] = process.argv.slice(2);

const session = await signInOrUp().catch((error: unknown) => {
  console.error(`The bot can't sign in at ${url}: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
});
const store = new MemoryStore();
const bot = connectNode({ url, session, store });
const answered = new Map<string, number>();

store.observe((changes) => {
  for (const change of changes) if (change.type === 'put-conversation') void answer(change.conversation);
});
bot.observe(({ connection }) => {
  console.log(`${username}: ${connection.type}`);
  if (connection.type === 'ended') process.exit(1);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void bot.stop().then(() => process.exit(0)));
}

/** Everything that is unread and held without a gap: what comes later brings the conversation here again. */
async function answer({ conversationId, kind, read, delivered }: LocalConversation): Promise<void> {
  const from = Math.max(read, answered.get(conversationId) ?? 0) + 1;
  if (kind !== 'direct' || delivered < from) return;
  answered.set(conversationId, delivered);
  const entries = await store.entries(conversationId, seq(from), delivered, 'oldest', 1_000);
  for (const entry of entries) {
    if (entry.visible === 0 || entry.deleted || entry.kind !== 'message' || entry.sender === bot.self.userId)
      continue;
    await bot.send(conversationId, await replyTo(entry));
  }
  bot.markRead(conversationId, delivered);
}

async function replyTo(entry: LocalEntry): Promise<SentContent> {
  const content = parseContent(entry.content);
  if (content.type === 'unknown') return { type: 'text', text: 'I only understand text and files.' };
  const quoted = { seq: entry.seq, sender: entry.sender, preview: content.text.slice(0, 200) };
  if (content.type === 'media') {
    const seen = await Promise.all(content.items.map((item) => lookAt(entry.conversationId, item)));
    return { type: 'text', text: seen.join('\n'), replyTo: quoted };
  }
  const description = { kind: 'document', mime: 'text/plain', name: 'what you wrote.txt' } as const;
  const item = await bot.files.add(new Blob([content.text]), description);
  return { type: 'media', items: [item], text: 'Here it is.', replyTo: quoted };
}

/** What really arrived; the sender's own word on its type is only that. */
async function lookAt(conversation: ConversationId, { kind, name = kind, file }: MediaItem): Promise<string> {
  try {
    const bytes = Buffer.from(await (await bot.files.fetch(conversation, file)).arrayBuffer());
    return `${name}: ${bytes.byteLength} bytes, SHA-256 ${createHash('sha256').update(bytes).digest('hex')}`;
  } catch (error) {
    return `${name}: ${error instanceof TidingsError ? error.code : 'unavailable'}`;
  }
}

async function signInOrUp(): Promise<NodeSession> {
  try {
    return await signUp(url, { username, displayName: username, password });
  } catch (error) {
    if (!(error instanceof TidingsError) || error.code !== 'username-taken') throw error;
    return signIn(url, { username, password });
  }
}
