import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { mayHoldLink } from './linked';
import LinkedText from './linked-text';

const html = (text: string) => renderToStaticMarkup(<LinkedText>{text}</LinkedText>);
const addresses = (text: string) => [...html(text).matchAll(/href="([^"]*)"/g)].map((match) => match[1]);

test('web and mail addresses become links that tell nothing about us', () => {
  expect(html('see https://example.com/a?b=1 now')).toBe(
    'see <a href="https://example.com/a?b=1" target="_blank" rel="noopener noreferrer nofollow" dir="auto">https://example.com/a?b=1</a> now',
  );
  expect(addresses('http://a.org and mail ada@example.com')).toEqual([
    'http://a.org',
    'mailto:ada@example.com',
  ]);
});

test('an address without a scheme becomes https', () => {
  expect(addresses('example.com/x is it')).toEqual(['https://example.com/x']);
});

test.each([
  'javascript:alert(1)',
  'JAVASCRIPT://example.com/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'ftp://example.com/file',
  'file:///etc/passwd',
  'vbscript:x',
])('no other scheme becomes one: %s', (text) => {
  const bad = addresses(text).filter((address) => !/^(https?|mailto):/.test(address ?? ''));
  expect(bad).toEqual([]);
});

test('an address that would show as another stays text', () => {
  expect(addresses('https://example.com/\u202Efdp.exe')).toEqual([]);
});

test('markup in a message is text', () => {
  expect(html('<img src=x onerror=alert(1)>')).toBe('&lt;img src=x onerror=alert(1)&gt;');
});

test.each(['see https://example.com', 'EXAMPLE.ORG', 'ada@example.com', 'www.example'])(
  'a text that may hold a link is looked at: %s',
  (text) => expect(mayHoldLink(text)).toBe(true),
);

test.each(['Hello there', 'Well. Yes', 'at 14:03', '3.14', 'a @ b', '…'])(
  'most texts are not: %s',
  (text) => {
    expect(mayHoldLink(text)).toBe(false);
    expect(addresses(text)).toEqual([]);
  },
);
