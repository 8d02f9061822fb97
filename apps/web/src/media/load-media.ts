import { secureId } from '@tidings/api/clock';
import type { Engine } from '@tidings/client/engine-port';
import type { DeviceStore } from '../engine/device-store';
import { DeviceMedia } from './device-media';
import type { AutoFetchRules } from './port';
import { startMediaWorker } from './start-worker';

/** A file of its own: everything of media that the page itself runs. */
export async function loadMedia(
  engine: Engine,
  store: DeviceStore,
  kept: boolean,
  rules: AutoFetchRules,
): Promise<DeviceMedia> {
  const worker = await startMediaWorker(engine.self.userId, kept);
  return new DeviceMedia({ engine, store, worker, rules, makeId: secureId });
}
