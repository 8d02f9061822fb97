/**
 * A bot that says back whatever it is told, in direct chats; with `../bot.ts` the smallest program on the client engine.
 *
 *     npx node examples/echo-bot/echo-bot.ts http://localhost:3000 echo 'a good password'
 */
import { parseContent } from '@tidings/api/content';
import { runBot } from '../bot.ts';

await runBot('echo', async ({ content, seq, sender }) => {
  const heard = parseContent(content);
  const text = heard.type === 'text' ? heard.text : 'I only understand text.';
  const preview = heard.type === 'text' ? heard.text.slice(0, 200) : '';
  return { type: 'text', text, replyTo: { seq, sender, preview } };
});
