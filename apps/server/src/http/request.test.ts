import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { Origins } from './origins.ts';
import { addressOf } from './request.ts';

const from = (remoteAddress: string, forwarded?: string | string[]) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

describe('addressOf', () => {
  test('believes nobody unless told to', () => {
    expect(addressOf(from('10.0.0.1', '1.2.3.4'), 0)).toBe('10.0.0.1');
  });

  test('takes what the outermost trusted proxy heard, not what the caller claimed', () => {
    expect(addressOf(from('10.0.0.1', '6.6.6.6, 1.2.3.4'), 1)).toBe('1.2.3.4');
    expect(addressOf(from('10.0.0.1', ['6.6.6.6', '1.2.3.4, 10.0.0.2']), 2)).toBe('1.2.3.4');
  });

  test('without the header, or with fewer hops than expected, takes the farthest known', () => {
    expect(addressOf(from('10.0.0.1'), 1)).toBe('10.0.0.1');
    expect(addressOf(from('10.0.0.1', '1.2.3.4'), 3)).toBe('1.2.3.4');
  });
});

describe('SESS5 origins', () => {
  const ask = (origins: Origins, origin: string | undefined, host = 'localhost:3000') =>
    origins.allows({ headers: { ...(origin === undefined ? {} : { origin }), host } });

  test('without PUBLIC_URL: the address that the page was got from', () => {
    const origins = new Origins({ publicUrl: null, allowedOrigins: [] });
    expect(ask(origins, 'http://localhost:3000')).toBe(true);
    expect(ask(origins, 'http://127.0.0.1:3000', '127.0.0.1:3000')).toBe(true);
    expect(ask(origins, 'http://localhost:3001')).toBe(false);
    expect(ask(origins, 'https://evil.example')).toBe(false);
    expect(ask(origins, 'null')).toBe(false);
    expect(ask(origins, '')).toBe(false);
  });

  test('with PUBLIC_URL: that one and those listed, whatever the Host says', () => {
    const origins = new Origins({
      publicUrl: new URL('https://chat.example.org'),
      allowedOrigins: ['https://b.example'],
    });
    expect(ask(origins, 'https://chat.example.org', 'x')).toBe(true);
    expect(ask(origins, 'https://b.example', 'x')).toBe(true);
    expect(ask(origins, 'http://chat.example.org', 'chat.example.org')).toBe(false);
    expect(ask(origins, 'https://x', 'x')).toBe(false);
  });

  test('what names no origin is no browser', () => {
    expect(ask(new Origins({ publicUrl: null, allowedOrigins: [] }), undefined)).toBe(true);
  });
});
