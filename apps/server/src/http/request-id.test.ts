import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { nameRequest, requestIdOf } from './request-id.ts';

const requestWith = (id?: string): IncomingMessage =>
  ({ headers: id === undefined ? {} : { 'x-request-id': id } }) as unknown as IncomingMessage;

describe('a request’s name', () => {
  test('is the one that a trusted proxy gave it', () => {
    const request = requestWith('5f0c8a51b2');
    expect(nameRequest(request, 1)).toBe('5f0c8a51b2');
    expect(requestIdOf(request)).toBe('5f0c8a51b2');
  });

  test.each([
    ['without a proxy that is trusted', '5f0c8a51b2', 0],
    ['with one that gave none', undefined, 1],
    ['with one that let something odd through', 'x\n{"level":60}', 1],
    ['with one that let something long through', 'x'.repeat(65), 1],
  ])('%s is made here', (_, given, trustProxy) => {
    const [one, other] = [requestWith(given), requestWith(given)];
    const id = nameRequest(one, trustProxy);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(requestIdOf(one)).toBe(id);
    expect(nameRequest(other, trustProxy)).not.toBe(id);
  });
});
