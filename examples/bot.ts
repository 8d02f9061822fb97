/**
 * What both examples have in common: an account, an engine on the client's own code, and an answer to whatever is written to it in
 * direct chats. What was written while the bot was away is answered when it comes back: the server keeps its read marks, and
 * everything above them is new to it.
 */
import type { SentContent } from '@tidings/api/content';
import { TidingsError } from '@tidings/api/errors';
import { seq } from '@tidings/api/ids';
import type { LocalConversation, LocalEntry } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import { connectNode, type NodeEngine, type NodeSession, signIn, signUp } from '@tidings/client/node';

/** Takes the server's address, a username and a password from the command line; the account is made when there is none. */
export async function runBot(
  defaultName: string,
  replyTo: (entry: LocalEntry, bot: NodeEngine) => Promise<SentContent>,
): Promise<void> {
  const [url = 'http://localhost:3000', username = defaultName, password = ''] = process.argv.slice(2);
  const session = await signInOrUp(url, username, password).catch((error: unknown) => {
    console.error(`The bot can't sign in at ${url}: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  });
  const store = new MemoryStore();
  const bot = connectNode({ url, session, store });
  const answered = new Map<string, number>();

  /** Everything that is unread and held without a gap: what comes later brings the conversation here again. */
  const answer = async ({ conversationId, kind, read, delivered }: LocalConversation): Promise<void> => {
    const from = Math.max(read, answered.get(conversationId) ?? 0) + 1;
    if (kind !== 'direct' || delivered < from) return;
    answered.set(conversationId, delivered);
    const entries = await store.entries(conversationId, seq(from), delivered, 'oldest', 1_000);
    for (const entry of entries) {
      const isSaid = entry.visible === 1 && !entry.deleted && entry.kind === 'message';
      if (isSaid && entry.sender !== bot.self.userId)
        await bot.send(conversationId, await replyTo(entry, bot));
    }
    bot.markRead(conversationId, delivered);
  };

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
}

async function signInOrUp(url: string, username: string, password: string): Promise<NodeSession> {
  try {
    return await signUp(url, { username, displayName: username, password });
  } catch (error) {
    if (!(error instanceof TidingsError) || error.code !== 'username-taken') throw error;
    return signIn(url, { username, password });
  }
}
