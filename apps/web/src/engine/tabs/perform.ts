import { TidingsError } from '@tidings/api/errors';
import type { Engine } from '@tidings/client/engine-port';
import type { Api } from '@tidings/client/transport';
import type { Call } from './messages';

type Callable = Record<string, (...args: readonly unknown[]) => unknown>;
type Procedures = Record<
  string,
  Record<string, Record<'query' | 'mutate', (input: unknown) => Promise<unknown>>>
>;

/** Does a call on an engine, in the tab that runs it. */
export async function perform(engine: Engine, call: Call): Promise<unknown> {
  if (call.type === 'engine') return (engine as unknown as Callable)[call.method]?.(...call.args);
  const [topic = '', name = ''] = call.path.split('.');
  const procedure = (engine.api as unknown as Procedures)[topic]?.[name];
  if (!procedure) throw new TidingsError('not-found', call.path);
  return procedure[call.kind](call.input);
}

/** The typed procedures, each call of which becomes a {@link Call}. */
export function apiOver(request: (call: Call) => Promise<unknown>): Api {
  const at = (path: readonly string[]): unknown =>
    new Proxy(() => {}, {
      // `then` is asked of whatever is awaited or returned from an async function; this is no promise.
      get: (_, name) => (typeof name === 'string' && name !== 'then' ? at([...path, name]) : undefined),
      apply: (_, __, [input]: unknown[]) => {
        const kind = path.at(-1);
        if (kind !== 'query' && kind !== 'mutate') throw new TypeError(`${path.join('.')} can't be called`);
        return request({ type: 'api', path: path.slice(0, -1).join('.'), kind, input });
      },
    });
  return at([]) as Api;
}
