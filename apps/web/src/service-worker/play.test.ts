import { encryption, newFileKey } from '@tidings/client/assets/cipher';
import { expect, test } from 'vitest';
import { type PlaySource, play, rangeIn } from './play';
import type { PlayQuestion } from './shared';

const size = 200_000;
const plain = Uint8Array.from({ length: size }, (_, at) => (at * 13) % 256);

test.each([
  [null, { first: 0, last: 199_999, whole: true }],
  ['bytes=0-', { first: 0, last: 199_999, whole: false }],
  ['bytes=100-199', { first: 100, last: 199, whole: false }],
  ['bytes=199000-900000', { first: 199_000, last: 199_999, whole: false }],
  ['bytes=-500', { first: 199_500, last: 199_999, whole: false }],
  ['bytes=-900000', { first: 0, last: 199_999, whole: false }],
  ['bytes=200000-', null],
  ['bytes=5-2', null],
  ['bytes=-', { first: 0, last: 199_999, whole: true }],
  ['bytes=0-1,5-6', { first: 0, last: 199_999, whole: true }],
  ['furlongs=1-2', { first: 0, last: 199_999, whole: true }],
])('of %j a player gets %j', (header, range) => {
  expect(rangeIn(header, size)).toEqual(range);
});

test('ASSET9 a range comes decrypted, under the type that the page found', async () => {
  const answer = await played('bytes=65530-140000');
  expect(answer.status).toBe(206);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'video/mp4',
    'content-range': 'bytes 65530-140000/200000',
    'content-length': '74471',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), plain.subarray(65_530, 140_001))).toBe(0);
});

test('without a range it is all of it; beyond its end there is nothing', async () => {
  const whole = await played(null);
  expect(whole.status).toBe(200);
  expect((await whole.arrayBuffer()).byteLength).toBe(size);
  expect((await played('bytes=200000-')).status).toBe(416);
});

test('ASSET9 a chunk that was changed ends what is played', async () => {
  const answer = await played('bytes=0-199999', (bytes) => {
    bytes[100_000] = (bytes[100_000] as number) ^ 1;
  });
  await expect(answer.arrayBuffer()).rejects.toMatchObject({ code: 'asset-broken' });
});

test('what no page plays any more is not found, and nothing else is under that path', async () => {
  expect(
    (
      await play(
        request('gone', null),
        pageThat(() => null),
      )
    ).status,
  ).toBe(404);
  expect((await play(request('gone', null), undefined)).status).toBe(404);
});

async function played(range: string | null, change = (_: Uint8Array) => {}): Promise<Response> {
  const key = newFileKey();
  const sealed = new Response(new Blob([plain]).stream().pipeThrough(encryption(key)));
  const bytes = new Uint8Array(await sealed.arrayBuffer());
  change(bytes);
  const source: PlaySource = { type: 'video/mp4', key, size, ciphertext: new Blob([bytes]), url: null };
  return play(
    request('some-id', range),
    pageThat(({ id }) => (id === 'some-id' ? source : null)),
  );
}

const request = (id: string, range: string | null) =>
  new Request(`http://tidings.test/media/${id}`, { headers: range === null ? {} : { range } });

/** A page, as the service worker sees it. */
const pageThat = (answer: (question: PlayQuestion) => PlaySource | null) =>
  ({
    postMessage: (question: PlayQuestion, [port]: MessagePort[]) => port?.postMessage(answer(question)),
  }) as unknown as Client;
