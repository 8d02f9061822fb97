import { secureId } from '@tidings/api/clock';
import { encodeContent } from '@tidings/api/content';
import type { ApiKey, Bot } from '@tidings/api/developer';
import { AssetClient, must } from '@tidings/server/testing/asset-client';

/**
 * A bot's key, where there is something to ask for: a chat with its owner, who has the name that the document's example writes to, in
 * which both have said something.
 */
export async function makeProgram(url: string): Promise<{ readonly secret: string }> {
  const owner = await AssetClient.signUp(url, 'ann');
  const named = { username: 'the.bot', displayName: 'The bot' };
  const bot = must(await owner.mutate<Bot>('developer.createBot', named));
  const wanted = { botId: bot.userId, name: 'in a test', scopes: ['chats', 'read', 'send'] };
  const made = must(await owner.mutate<{ key: ApiKey; secret: string }>('developer.createKey', wanted));
  const chat = must(
    await owner.mutate<{ conversationId: string }>('conversation.open', { userId: bot.userId }),
  );
  const content = encodeContent({ type: 'text', text: 'hello' });
  const message = { conversationId: chat.conversationId, clientId: secureId(), kind: 'message', content };
  must(await owner.mutate('message.send', { messages: [message] }));
  const answer = await fetch(`${url}/api/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${made.secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message_text: 'hello', username: 'ann' }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return { secret: made.secret };
}
