import type { IncomingMessage } from 'node:http';
import { TidingsError } from '@tidings/api/errors';
import type { z } from 'zod';

/** The whole body. `too-large` as soon as it is known to be; the rest isn't read. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new TidingsError('too-large');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new TidingsError('too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** JSON only: no form of another site can send it without asking first (CORS), and nobody is allowed. */
export async function readJson<T>(
  request: IncomingMessage,
  schema: z.ZodType<T>,
  maxBytes = 16_384,
): Promise<T> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new TidingsError('bad-input', 'the body must be application/json');
  }
  const text = (await readBody(request, maxBytes)).toString('utf8');
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw new TidingsError('bad-input', describe(parsed.error));
  return parsed.data;
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The caller's address. Each of `trustProxy` proxies in front appended whom it heard to X-Forwarded-For; what stands further left
 * was sent by the caller and may be anything.
 */
export function addressOf(request: IncomingMessage, trustProxy: number): string {
  const direct = request.socket.remoteAddress ?? '';
  if (trustProxy === 0) return direct;
  const forwarded = [request.headers['x-forwarded-for'] ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((part) => part.trim());
  const hops = [...forwarded.filter((part) => part !== ''), direct];
  return hops.at(-1 - trustProxy) ?? hops[0] ?? direct;
}

/** It came through a proxy, or says so. */
export const isForwarded = ({ headers }: IncomingMessage): boolean =>
  headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined || headers.via !== undefined;
