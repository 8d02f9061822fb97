import { TidingsError } from '@tidings/api/errors';

/** A call as tRPC's WebSocket client sends it. */
export type Request = {
  /** JSON, as it goes into the answer. */
  readonly id: string;
  readonly method: 'query' | 'mutation' | 'subscription' | 'subscription.stop';
  readonly path: string;
  readonly input: unknown;
};

const methods: readonly unknown[] = ['query', 'mutation', 'subscription', 'subscription.stop'];

/** Throws `bad-input` for what is no JSON. */
export function parseFrame(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch (cause) {
    throw new TidingsError('bad-input', 'not JSON', { cause });
  }
}

/** What a connection says first. Throws `bad-input` for anything else. */
export function connectionParamsOf(message: unknown): unknown {
  if (!isObject(message) || message.method !== 'connectionParams') throw new TidingsError('bad-input');
  return message.data;
}

/** Throws `bad-input` for what is no request. */
export function requestOf(message: unknown): Request {
  if (!isObject(message) || !methods.includes(message.method)) throw new TidingsError('bad-input');
  if (typeof message.id !== 'number' && typeof message.id !== 'string') throw new TidingsError('bad-input');
  const method = message.method as Request['method'];
  const params = isObject(message.params) ? message.params : {};
  if (typeof params.path !== 'string' && method !== 'subscription.stop') throw new TidingsError('bad-input');
  return { id: JSON.stringify(message.id), method, path: String(params.path), input: params.input };
}

// Answers: what tRPC's adapter would make of the same.

export const dataAnswer = (id: string, data: unknown): string =>
  data === undefined
    ? `{"id":${id},"result":{"type":"data"}}`
    : `{"id":${id},"result":{"type":"data","data":${JSON.stringify(data)}}}`;

export const eventsAnswer = (id: string, events: readonly string[]): string =>
  `{"id":${id},"result":{"type":"data","data":[${events.join(',')}]}}`;

export const errorAnswer = (id: string, shape: unknown): string =>
  `{"id":${id},"error":${JSON.stringify(shape)}}`;

export const startedAnswer = (id: string): string => `{"id":${id},"result":{"type":"started"}}`;
export const stoppedAnswer = (id: string): string => `{"id":${id},"result":{"type":"stopped"}}`;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
