import { decryptionOf, rangeOf } from '@tidings/client/assets/cipher';
import { fetchRange } from '@tidings/client/assets/ranged-fetch';
import { type PlayQuestion, playIdOf } from './shared';

/** What a page says of what a URL plays. */
export type PlaySource = {
  readonly type: string;
  readonly key: string;
  /** Bytes of plaintext. */
  readonly size: number;
  /** On this device; else it comes from `url`, a link that ends. */
  readonly ciphertext: Blob | null;
  readonly url: string | null;
};

/** A page that doesn't answer for so long is gone. */
const answerWithinMs = 10_000;

/** Answers a player: a range, decrypted as it comes. `404` when no page plays that any more. */
export async function play(request: Request, client: Client | undefined): Promise<Response> {
  const id = playIdOf(new URL(request.url).pathname);
  const ask = (renew: boolean) =>
    client && id ? askPage(client, { type: 'play', id, renew }) : Promise.resolve(null);
  const source = await ask(false);
  if (!source) return new Response(null, { status: 404 });
  const range = rangeIn(request.headers.get('range'), source.size);
  if (!range)
    return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${source.size}` } });
  const body = await plaintext(source, range, ask, request.signal).catch(() => null);
  if (!body) return new Response(null, { status: 502 });
  return new Response(body, {
    status: range.whole ? 200 : 206,
    headers: {
      'Content-Type': source.type,
      'Content-Length': String(range.last - range.first + 1),
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      ...(range.whole ? {} : { 'Content-Range': `bytes ${range.first}-${range.last}/${source.size}` }),
    },
  });
}

type Range = { readonly first: number; readonly last: number; readonly whole: boolean };

/** `null` when it can't be satisfied. Of several ranges none is given: then all of it is. */
export function rangeIn(header: string | null, size: number): Range | null {
  const whole = { first: 0, last: size - 1, whole: true };
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return whole;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(size - 1, Number(to));
  return first > last || first >= size ? null : { first, last, whole: false };
}

async function plaintext(
  { key, size, ciphertext, url }: PlaySource,
  { first, last }: Range,
  ask: (renew: boolean) => Promise<PlaySource | null>,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  if (size === 0) return new Blob([]).stream();
  const range = rangeOf(size, first, last);
  const link = async (renew: boolean) => (renew ? ((await ask(true))?.url ?? url) : url) ?? '';
  const sealed = ciphertext
    ? ciphertext.slice(range.first, range.last + 1).stream()
    : await fetchRange({ link, range, signal });
  return sealed.pipeThrough(decryptionOf(key, size, range));
}

function askPage(client: Client, question: PlayQuestion): Promise<PlaySource | null> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve(null), answerWithinMs);
    port1.onmessage = ({ data }: MessageEvent) => {
      clearTimeout(timer);
      resolve(data as PlaySource | null);
    };
    client.postMessage(question, [port2]);
  });
}
