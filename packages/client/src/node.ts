import type { SignedIn, SignIn, SignUp } from '@tidings/api/auth';
import { secureId, systemClock } from '@tidings/api/clock';
import { isErrorCode, TidingsError } from '@tidings/api/errors';
import { type DeviceId, deviceId, userId } from '@tidings/api/ids';
import { paths } from '@tidings/api/protocol';
import NodeWebSocket from 'ws';
import { NodeFiles } from './assets/node-files.ts';
import { createEngine, type EngineOptions } from './engine.ts';
import type { Engine } from './engine-port.ts';
import type { LocalStore } from './local-store.ts';
import { MemoryStore } from './memory-store.ts';
import type { Transport } from './transport.ts';
import { trpcTransport } from './trpc-transport.ts';

/** A session, as a program outside a browser holds it. The cookie is a secret. */
export type NodeSession = SignedIn & { readonly cookie: string };

/** Rejects with the server's `TidingsError`, or `unavailable`. `url`: where the server is, e.g. `http://localhost:3000`. */
export const signIn = (url: string, credentials: SignIn): Promise<NodeSession> =>
  authenticate(url, 'sign-in', credentials);

export const signUp = (url: string, account: SignUp): Promise<NodeSession> =>
  authenticate(url, 'sign-up', account);

/** Whose session a cookie is. */
export async function sessionOf(url: string, cookie: string): Promise<NodeSession> {
  const response = await ask(url, 'session', { headers: { cookie } });
  return { ...((await response.json()) as SignedIn), cookie };
}

export const newDeviceId = (): DeviceId => deviceId(secureId());

export type NodeConnection = {
  readonly url: string;
  readonly session: Pick<NodeSession, 'userId' | 'cookie'>;
  /** The same for one installation of a program, as long as its store lasts. Random unless given. */
  readonly deviceId?: DeviceId;
  /** In memory unless given. */
  readonly store?: LocalStore;
  readonly options?: EngineOptions;
};

/** What a program outside a browser has: the engine, and the files that it sends and gets. */
export type NodeEngine = Engine & { readonly files: NodeFiles };

/** An engine with the machine's clock and randomness, on the server at `url`. */
export function connectNode({
  url,
  session,
  deviceId = newDeviceId(),
  store = new MemoryStore(),
  options,
}: NodeConnection): NodeEngine {
  const files = new NodeFiles(url, session.cookie, (conversationId, assets) =>
    engine.api.asset.links.query({ conversationId, assets: [...assets] }),
  );
  const engine = createEngine({
    self: { userId: userId(session.userId), deviceId },
    store,
    transport: nodeTransport(url, session.cookie, deviceId),
    clock: systemClock,
    random: Math.random,
    makeId: secureId,
    options: { assets: files.assets, ...options },
  });
  return Object.assign(engine, { files });
}

export function nodeTransport(url: string, cookie: string, deviceId: DeviceId): Transport {
  const socketUrl = new URL(paths.socket, url);
  socketUrl.protocol = socketUrl.protocol === 'https:' ? 'wss:' : 'ws:';
  return trpcTransport({
    url: socketUrl.href,
    deviceId,
    clock: systemClock,
    WebSocket: socketWith(cookie, new URL(url).origin),
  });
}

/** A WebSocket that sends the session's cookie and an origin, as a browser does by itself. */
function socketWith(cookie: string, origin: string): typeof WebSocket {
  return class extends NodeWebSocket {
    constructor(address: string | URL) {
      super(address, { headers: { cookie, origin }, perMessageDeflate: false });
    }
  } as unknown as typeof WebSocket;
}

async function authenticate(url: string, path: string, body: SignIn | SignUp): Promise<NodeSession> {
  const headers = { 'content-type': 'application/json', origin: new URL(url).origin };
  const response = await ask(url, path, { method: 'POST', headers, body: JSON.stringify(body) });
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  return { ...((await response.json()) as SignedIn), cookie };
}

async function ask(url: string, path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(new URL(`${paths.auth}/${path}`, url), init);
  } catch (cause) {
    throw new TidingsError('unavailable', `${url} can't be reached`, { cause });
  }
  if (response.ok) return response;
  const body = (await response.json().catch(() => null)) as {
    error?: { code?: unknown; retryAfterMs?: number };
  } | null;
  const { code, retryAfterMs } = body?.error ?? {};
  throw new TidingsError(
    isErrorCode(code) ? code : 'internal',
    `${path} answered ${response.status}`,
    retryAfterMs ? { retryAfterMs } : {},
  );
}
