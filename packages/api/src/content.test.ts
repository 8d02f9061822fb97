import { expect, test } from 'vitest';
import { encodeContent, parseContent, parseGroupChange } from './content.ts';

test('text comes back as it was', () => {
  const content = { type: 'text' as const, text: 'Grüße 👋🏽\nzwei', forwarded: 2 };
  expect(parseContent(encodeContent(content))).toEqual(content);
});

test.each(['', '{', 'null', '[]', '{"type":"text"}', '{"type":"text","text":7}', '{"type":"hologram"}'])(
  'content that this version does not know is unknown, never an error: %s',
  (content) => expect(parseContent(content)).toEqual({ type: 'unknown', fallback: '' }),
);

test('what a newer client says for older ones is kept', () => {
  expect(parseContent('{"type":"poll","fallback":"A poll: lunch?"}')).toEqual({
    type: 'unknown',
    fallback: 'A poll: lunch?',
  });
});

test('an unknown change of a group is null', () => {
  expect(parseGroupChange('{"type":"left"}')).toEqual({ type: 'left' });
  expect(parseGroupChange('{"type":"exploded"}')).toBeNull();
  expect(parseGroupChange('nonsense')).toBeNull();
});
