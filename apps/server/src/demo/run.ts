import { secureId } from '@tidings/api/clock';
import { makeBetterAuth } from '../auth/better-auth.ts';
import type { Config } from '../config.ts';
import { startEmbedded } from '../profiles/embedded.ts';
import { secretFor } from '../secrets.ts';
import type { Logger } from '../services/parts.ts';
import { PictureService } from '../services/picture-service.ts';
import { ScriptClock } from './script-clock.ts';
import { isSeeded, seedDemo } from './seed.ts';

/** Seeds a folder that no server has open yet, by running the services on it with the script's clock. */
export async function seedFolder(config: Config, secret: string, logger: Logger): Promise<void> {
  if (isSeeded(config.dataDir)) return;
  const clock = new ScriptClock();
  const assets = { ...config.assets, linkSecret: secretFor('links to assets', secret) };
  const profile = await startEmbedded({ ...config, assets, clock, logger });
  try {
    const auth = makeBetterAuth({ database: profile.directory, secret, secure: false, makeId: secureId });
    const parts = {
      ...profile,
      users: profile.directory.users,
      administration: profile.directory.administration,
      auth,
      pictures: new PictureService(profile),
      clock,
    };
    await seedDemo(parts, config.dataDir, Date.now());
    await profile.drain();
  } finally {
    await profile.stop();
  }
}
