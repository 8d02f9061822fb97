import type { UserId } from '@tidings/api/ids';
import { type Remote, wrap } from 'comlink';
import type { MediaWorkerEntry } from './worker/entry';
import type { MediaWorker } from './worker/media-worker';
import { passErrors } from './worker-errors';

export type MediaWorkerLink = { readonly calls: Remote<MediaWorker>; end(): void };

/** `kept`: whether this browser keeps anything. */
export async function startMediaWorker(user: UserId, kept: boolean): Promise<MediaWorkerLink> {
  passErrors();
  const worker = new Worker(new URL('./worker/entry.ts', import.meta.url));
  const entry = wrap<MediaWorkerEntry>(worker);
  const calls = (await entry.start(user, kept)) as unknown as Remote<MediaWorker>;
  return { calls, end: () => worker.terminate() };
}
