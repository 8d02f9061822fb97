import { callOn } from '@tidings/client/api-over';
import type { Engine } from '@tidings/client/engine-port';
import type { Call } from './messages';

type Callable = Record<string, (...args: readonly unknown[]) => unknown>;

/** Does a call on an engine, in the tab that runs it. */
export async function perform(engine: Engine, call: Call): Promise<unknown> {
  if (call.type === 'api') return callOn(engine.api, call.procedure);
  return (engine as unknown as Callable)[call.method]?.(...call.args);
}
