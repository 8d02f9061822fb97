import { type Clock, wait } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import { StartupError } from '../startup-error.ts';

export type Engine = {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly clock: Clock;
};

/** Engines and processes are often started together, and a machine on which much is starting answers late. */
const patienceMs = 15_000;
const pauseMs = 500;

/**
 * What `open` opened. While the engine is `unavailable` it is tried again, for 15 s; then, and at once when it refuses, a
 * StartupError says in one sentence which engine it was, where, and why. Passwords in addresses aren't told.
 */
export async function reached<T>(engine: Engine, open: () => Promise<T>): Promise<T> {
  const { clock } = engine;
  const giveUpAt = clock.now() + patienceMs;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isUnavailable(error) || clock.now() >= giveUpAt) throw sentenceFor(engine, error);
      await wait(clock, pauseMs);
    }
  }
}

const isUnavailable = (error: unknown): boolean =>
  error instanceof TidingsError && error.code === 'unavailable';

function sentenceFor({ name, addresses }: Engine, error: unknown): StartupError {
  const where = addresses.map(withoutPassword).join(', ');
  return new StartupError(`${name} at ${where} can't be used: ${reasonOf(error)}.`, { cause: error });
}

const withoutPassword = (address: string): string =>
  address.includes('://') ? new URL(address).host : address;

function reasonOf(error: unknown): string {
  const deepest = (one: unknown): unknown => (one instanceof Error && one.cause ? deepest(one.cause) : one);
  const reason = deepest(error);
  const text = reason instanceof Error ? reason.message : String(reason);
  return text.replace(/\s+/g, ' ').replace(/\.$/, '');
}
