/**
 * A bot that answers with files, in direct chats: what is written to it comes back as a text file, and of a file that is sent to it, it says what
 * arrived. It shows both ways of media on the client engine.
 *
 *     npx node examples/file-bot/file-bot.ts http://localhost:3000 files 'a good password'
 */
import { createHash } from 'node:crypto';
import { parseContent } from '@tidings/api/content';
import { TidingsError } from '@tidings/api/errors';
import type { ConversationId } from '@tidings/api/ids';
import type { MediaItem } from '@tidings/api/media';
import type { NodeEngine } from '@tidings/client/node';
import { runBot } from '../bot.ts';

await runBot('files', async ({ conversationId, content, seq, sender }, bot) => {
  const heard = parseContent(content);
  if (heard.type === 'unknown') return { type: 'text', text: 'I only understand text and files.' };
  const replyTo = { seq, sender, preview: heard.text.slice(0, 200) };
  if (heard.type === 'media') {
    const seen = await Promise.all(heard.items.map((item) => lookAt(bot, conversationId, item)));
    return { type: 'text', text: seen.join('\n'), replyTo };
  }
  const description = { kind: 'document', mime: 'text/plain', name: 'what you wrote.txt' } as const;
  const item = await bot.files.add(new Blob([heard.text]), description);
  return { type: 'media', items: [item], text: 'Here it is.', replyTo };
});

/** What really arrived; the sender's own word on its type is only that. */
async function lookAt(
  bot: NodeEngine,
  conversation: ConversationId,
  { kind, name = kind, file }: MediaItem,
): Promise<string> {
  try {
    const bytes = Buffer.from(await (await bot.files.fetch(conversation, file)).arrayBuffer());
    return `${name}: ${bytes.byteLength} bytes, SHA-256 ${createHash('sha256').update(bytes).digest('hex')}`;
  } catch (error) {
    return `${name}: ${error instanceof TidingsError ? error.code : 'unavailable'}`;
  }
}
