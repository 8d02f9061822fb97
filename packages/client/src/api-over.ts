import { TidingsError } from '@tidings/api/errors';
import type { Api } from './transport.ts';

/** One call of a procedure: `message.send`, with its input. */
export type ApiCall = { readonly path: string; readonly type: 'query' | 'mutate'; readonly input: unknown };

/** The typed procedures, each call of which is handed to `call`: `api.message.send.mutate(x)` → `{path: 'message.send', …}`. */
export function apiOver(call: (call: ApiCall) => Promise<unknown>): Api {
  const at = (path: readonly string[]): unknown =>
    new Proxy(() => {}, {
      // `then` is asked of whatever is awaited; this is no promise.
      get: (_, name) => (typeof name === 'string' && name !== 'then' ? at([...path, name]) : undefined),
      apply: (_, __, [input]: unknown[]) => {
        const type = path.at(-1);
        if (type !== 'query' && type !== 'mutate') throw new TypeError(`${path.join('.')} can't be called`);
        return call({ path: path.slice(0, -1).join('.'), type, input });
      },
    });
  return at([]) as Api;
}

type Procedures = Record<
  string,
  Record<string, Partial<Record<ApiCall['type'], (input: unknown) => Promise<unknown>>>>
>;

/** The way back: makes a call on typed procedures. */
export function callOn(api: Api, { path, type, input }: ApiCall): Promise<unknown> {
  const [topic = '', name = ''] = path.split('.');
  const procedure = (api as unknown as Procedures)[topic]?.[name]?.[type];
  return procedure ? procedure(input) : Promise.reject(new TidingsError('not-found', path));
}
