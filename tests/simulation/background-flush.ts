import { TidingsError } from '@tidings/api/errors';
import type { Outgoing, SendResult } from '@tidings/api/message';
import { flushOutbox } from '@tidings/client/http-flush';
import { LocalStoreFull } from '@tidings/client/local-store';
import type { SimDevice } from './device.ts';
import { SimProcess } from './process.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How long a browser lets a service worker run for an event. */
const workerMs = 30_000;

/**
 * Sends what waits in a device's outbox as a service worker does: another program on the same disk, with calls of its own, whether or not
 * the page is open and does the same (OUT6).
 */
export async function flushInBackground(device: SimDevice, clock: VirtualClock): Promise<void> {
  const worker = new SimProcess();
  clock.after(workerMs, () => worker.kill());
  const send = async (messages: readonly Outgoing[]) =>
    (await device.network.request(worker, 'message.send', { messages })) as readonly SendResult[];
  try {
    await flushOutbox({ store: device.disk.openedBy(worker), clock: device.clock, send });
  } catch (error) {
    // Something is left for another attempt.
    if (!(error instanceof TidingsError) && !(error instanceof LocalStoreFull)) throw error;
  }
}
