import type { Outgoing, SendResult } from '@tidings/api/message';
import { expire, flushCall, nextCall } from '@tidings/client/flush';
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
  const store = device.disk.openedBy(worker);
  const send = async (messages: readonly Outgoing[]) =>
    (await device.network.request(worker, 'message.send', { messages })) as readonly SendResult[];
  const context = { store, clock: device.clock, send };
  for (let calls = 0; calls < 50; calls += 1) {
    const call = nextCall(await expire(await store.outbox(), context), () => false);
    if (call.length === 0) return;
    const { acknowledged, later, suspects } = await flushCall(call, context);
    await store.apply(
      acknowledged.map(({ item, seq, sentAt }) => ({
        type: 'put-outbox',
        item: { ...item, state: { type: 'sent', seq, sentAt } },
      })),
    );
    if (later.size > 0 || suspects.length > 0) return;
  }
}
