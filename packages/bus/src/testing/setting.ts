import { secureId } from '@tidings/api/clock';
import { type DeviceId, deviceId, type HandlerId, handlerId, type UserId, userId } from '@tidings/api/ids';
import { expect } from 'vitest';

/** What a contract suite needs of the adapter under test. */
export type Setting<T> = {
  /** Shared by the suite's tests, and maybe with others; who calls the suite closes it. */
  open(): Promise<T>;
  /** Lets time go by for the adapter: a test's clock moves on, or the machine's is waited for. */
  pass(ms: number): Promise<void>;
};

const stepMs = 5;
const patienceMs = 30_000;

/** Lets time go by until the condition holds. */
export async function until(
  setting: Pick<Setting<unknown>, 'pass'>,
  condition: () => boolean,
): Promise<void> {
  for (let waited = 0; !condition() && waited < patienceMs; waited += stepMs) await setting.pass(stepMs);
  expect(condition(), 'what was waited for').toBe(true);
}

export const someUser = (): UserId => userId(secureId());
export const someDevice = (): DeviceId => deviceId(secureId());
export const someHandler = (): HandlerId => handlerId(secureId());
