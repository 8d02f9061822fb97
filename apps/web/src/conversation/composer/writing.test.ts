import type { Quote, TextContent } from '@tidings/api/content';
import { seq, userId } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { afterSending, cancel, contentOf, draftOf, edit, nothing, reply } from './writing';

const quote: Quote = { seq: seq(4), sender: userId('ada-lovelace'), preview: 'What do you think?' };
const original: TextContent = { type: 'text', text: 'old words', replyTo: quote };
const typed = { ...nothing, text: 'half a thought' };

test('white space around a message is not sent, and alone it is nothing', () => {
  expect(contentOf({ ...nothing, text: '  hi\nthere \n' })).toEqual({ type: 'text', text: 'hi\nthere' });
  expect(contentOf({ ...nothing, text: ' \n ' })).toBeNull();
});

test('an answer carries what it answers to', () => {
  expect(contentOf(reply(typed, quote))).toEqual({ type: 'text', text: 'half a thought', replyTo: quote });
});

test('an edit keeps everything of the message but its words', () => {
  expect(contentOf({ ...edit(typed, seq(9), original), text: 'new words' })).toEqual({
    ...original,
    text: 'new words',
  });
});

test('an edit that changes nothing is nothing to send', () => {
  expect(contentOf(edit(typed, seq(9), original))).toBeNull();
});

test('what was being written comes back after an edit, sent or given up', () => {
  const before = reply(typed, quote);
  const editing = edit(before, seq(9), original);
  expect(cancel(editing)).toEqual(before);
  expect(afterSending(editing, editing)).toEqual(before);
});

test('giving an answer up keeps the words', () => {
  expect(cancel(reply(typed, quote))).toEqual(typed);
});

test('answering while editing gives the edit up', () => {
  expect(reply(edit(typed, seq(9), original), quote)).toEqual({ ...typed, replyTo: quote });
});

test('OUT1 what is typed while the message goes into the outbox stays', () => {
  const sent = reply({ ...nothing, text: 'first' }, quote);
  expect(afterSending(sent, sent)).toEqual(nothing);
  expect(afterSending({ ...sent, text: 'first and more' }, sent)).toEqual({ ...nothing, text: ' and more' });
  expect(afterSending({ ...sent, text: 'second' }, sent)).toEqual({ ...nothing, text: 'second' });
});

test('a draft names the message that is being changed', () => {
  expect(draftOf(edit(nothing, seq(9), original))).toEqual({ text: 'old words', editing: 9 });
  expect(draftOf(reply(typed, quote))).toEqual({ text: 'half a thought', replyTo: quote });
});
