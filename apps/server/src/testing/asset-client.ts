import type { AssetHashes, AssetLink, OfferResult } from '@tidings/api/asset';
import { secureId } from '@tidings/api/clock';
import type { AssetId, ConversationId, UserId } from '@tidings/api/ids';
import type { Outgoing, SendResult } from '@tidings/api/message';
import { Browser } from './browser.ts';
import { hashesOf, type SomeAsset } from './some-assets.ts';

type Body = {
  readonly result?: { readonly data: unknown };
  readonly error?: { readonly data?: { readonly code: string }; readonly code: string };
};
export type Refusal = { readonly refused: string };

/** What a device does with files, over HTTP: see `packages/client` for the one that people have. */
export class AssetClient {
  readonly browser: Browser;
  readonly userId: UserId;
  readonly #device = secureId();

  constructor(browser: Browser, userId: UserId) {
    this.browser = browser;
    this.userId = userId;
  }

  static async signUp(url: string, username: string): Promise<AssetClient> {
    const browser = new Browser(url);
    const account = { username, displayName: username, password: 'correct horse' };
    const answer = await browser.post('/api/auth/sign-up', account);
    return new AssetClient(browser, ((await answer.json()) as { userId: UserId }).userId);
  }

  offer(...assets: readonly AssetHashes[]): Promise<readonly OfferResult[] | Refusal> {
    return this.mutate('asset.offer', { assets: assets.map(hashesOf) });
  }

  links(conversationId: ConversationId, assets: readonly AssetId[]): Promise<readonly AssetLink[] | Refusal> {
    return this.query('asset.links', { conversationId, assets });
  }

  async open(other: AssetClient): Promise<ConversationId> {
    const head = await this.mutate<{ conversationId: ConversationId }>('conversation.open', {
      userId: other.userId,
    });
    if ('refused' in head) throw new Error(head.refused);
    return head.conversationId;
  }

  async send(conversationId: ConversationId, ...assets: readonly AssetId[]): Promise<SendResult> {
    const carried = assets.length > 0 ? { assets } : {};
    const message = { conversationId, clientId: secureId(), kind: 'message', content: '{}', ...carried };
    const results = await this.mutate<readonly SendResult[]>('message.send', {
      messages: [message as Outgoing],
    });
    if ('refused' in results) throw new Error(results.refused);
    return results[0] as SendResult;
  }

  /** Where the upload is, or why there is none. */
  async begin(asset: AssetHashes): Promise<string | Refusal> {
    const pair = (name: string, value: string) => `${name} ${Buffer.from(value).toString('base64')}`;
    const headers = {
      ...tus,
      'upload-length': String(asset.bytes),
      'upload-metadata': `${pair('id', asset.id)},${pair('check', asset.check)}`,
    };
    const answer = await this.browser.get('/api/uploads', { method: 'POST', headers });
    return answer.status === 201 ? String(answer.headers.get('location')) : refusalOf(answer);
  }

  async append(upload: string, offset: number, content: Buffer<ArrayBuffer>): Promise<number | Refusal> {
    const headers = {
      ...tus,
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
    };
    const answer = await this.browser.put(upload, content, { method: 'PATCH', headers });
    return answer.status === 204 ? Number(answer.headers.get('upload-offset')) : refusalOf(answer);
  }

  /** How far it is; of a refusal, which has no body here, its status. */
  async offset(upload: string): Promise<number | { readonly status: number }> {
    const answer = await this.browser.get(upload, { method: 'HEAD', headers: tus });
    return answer.status === 200 ? Number(answer.headers.get('upload-offset')) : { status: answer.status };
  }

  /** Offered and brought whole. */
  async bring(asset: SomeAsset): Promise<void> {
    const offered = await this.offer(asset);
    if ('refused' in offered) throw new Error(offered.refused);
    if (offered[0]?.state === 'stored') return;
    const upload = await this.begin(asset);
    if (typeof upload !== 'string') throw new Error(upload.refused);
    const offset = await this.append(upload, 0, asset.content);
    if (offset !== asset.bytes) throw new Error(`not brought: ${JSON.stringify(offset)}`);
  }

  async link(conversationId: ConversationId, asset: AssetId): Promise<string | null> {
    const links = await this.links(conversationId, [asset]);
    return 'refused' in links ? null : (links[0]?.url ?? null);
  }

  async mutate<T>(procedure: string, input: unknown): Promise<T | Refusal> {
    return answerOf(await this.browser.post(`/api/rpc/${procedure}`, input, { headers: this.#headers }));
  }

  async query<T>(procedure: string, input?: unknown): Promise<T | Refusal> {
    const search = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    return answerOf(await this.browser.get(`/api/rpc/${procedure}${search}`, { headers: this.#headers }));
  }

  get #headers() {
    return { 'tidings-device': this.#device };
  }
}

/** What was answered; a refusal is an error. */
export function must<T>(answer: T | Refusal): T {
  if (typeof answer === 'object' && answer !== null && 'refused' in answer) throw new Error(answer.refused);
  return answer as T;
}

export const tus = { 'tus-resumable': '1.0.0' } as const;

export async function refusalOf(answer: Response): Promise<Refusal> {
  const { error } = (await answer.json()) as { error: { code: string } };
  return { refused: error.code };
}

async function answerOf<T>(answer: Response): Promise<T | Refusal> {
  const { result, error } = (await answer.json()) as Body;
  // What is refused before it reaches a procedure has no envelope of tRPC's.
  return error ? { refused: error.data?.code ?? error.code } : (result?.data as T);
}
