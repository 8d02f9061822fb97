import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens at a free port of this machine; the answer is where. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Options = { readonly headers?: Record<string, string>; readonly method?: string };

/** What a page of the server's own can do: it keeps cookies and says where it comes from. */
export class Browser {
  readonly url: string;
  readonly #cookies = new Map<string, string>();

  constructor(url: string) {
    this.url = url;
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  set cookie(header: string) {
    this.#cookies.clear();
    for (const pair of header.split('; ')) this.#keep(pair);
  }

  get(path: string, options: Options = {}): Promise<Response> {
    return this.#fetch(path, options);
  }

  post(path: string, body: unknown, options: Options = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...options.headers };
    return this.#fetch(
      path,
      { method: 'POST', ...options, headers },
      typeof body === 'string' ? body : JSON.stringify(body),
    );
  }

  put(path: string, body: Uint8Array<ArrayBuffer>, options: Options = {}): Promise<Response> {
    return this.#fetch(path, { method: 'PUT', ...options }, body);
  }

  async #fetch(
    path: string,
    { headers, method = 'GET' }: Options,
    body?: string | Uint8Array<ArrayBuffer>,
  ): Promise<Response> {
    const sent = {
      origin: this.url,
      'user-agent': firefox,
      ...(this.cookie ? { cookie: this.cookie } : {}),
      ...headers,
    };
    const answer = await fetch(this.url + path, {
      method,
      headers: sent,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
    for (const cookie of answer.headers.getSetCookie()) this.#keep(cookie);
    return answer;
  }

  #keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split('; ');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals);
    if (attributes.some((attribute) => attribute === 'Max-Age=0')) this.#cookies.delete(name);
    else this.#cookies.set(name, pair.slice(equals + 1));
  }
}

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
