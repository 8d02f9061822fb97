/**
 * A bot that says back whatever it is told, in direct chats; the smallest program on the client engine.
 *
 *     npx node examples/echo-bot/echo-bot.ts http://localhost:3000 echo 'a good password'
 *
 * The account is made when there is none. What was written to the bot while it was away is answered when it comes back: the
 * server keeps its read marks, and everything above them is new to it.
 */
import { parseContent } from '@tidings/api/content';
import { TidingsError } from '@tidings/api/errors';
import { seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import { connectNode, type NodeSession, signIn, signUp } from '@tidings/client/node';

const [url = 'http://localhost:3000', username = 'echo', password = ''] = process.argv.slice(2);

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
    const content = parseContent(entry.content);
    const preview = content.type === 'text' ? content.text.slice(0, 200) : '';
    const text = content.type === 'text' ? content.text : 'I only understand text.';
    await bot.send(conversationId, {
      type: 'text',
      text,
      replyTo: { seq: entry.seq, sender: entry.sender, preview },
    });
  }
  bot.markRead(conversationId, delivered);
}

async function signInOrUp(): Promise<NodeSession> {
  try {
    return await signUp(url, { username, displayName: username, password });
  } catch (error) {
    if (!(error instanceof TidingsError) || error.code !== 'username-taken') throw error;
    return signIn(url, { username, password });
  }
}
