import { systemClock } from '@tidings/api/clock';
import { firstInvitation } from './auth/first-invitation.ts';
import { memoryLimiter } from './auth/limiter.ts';
import type { Config } from './config.ts';
import { seedFolder } from './demo/run.ts';
import { makeEntrance } from './edge/entrance.ts';
import { makeFront } from './edge/front.ts';
import { makeHttpApi } from './edge/http-api.ts';
import { makePages } from './edge/pages.ts';
import { makeSockets } from './edge/sockets.ts';
import { Readiness } from './http/readiness.ts';
import { addReadings, makeRegistry } from './metrics/registry.ts';
import { cacheReadings, serverReadings, socketReadings } from './metrics/server-metrics.ts';
import { Opened } from './opened.ts';
import { openDataFolder } from './profiles/data-folder.ts';
import { type Embedded, startEmbedded } from './profiles/embedded.ts';
import { loadSecrets, secretFor } from './secrets.ts';
import type { Logger } from './services/parts.ts';
import { StartupError } from './startup-error.ts';

/** A server that takes requests. */
export type Server = {
  readonly url: string;
  readonly profile: Embedded;
  /** Lets the first person sign up where that needs an invitation. */
  readonly invitation: string | null;
  /** Tells clients to reconnect, finishes what was accepted, closes the stores. Idempotent. */
  stop(): Promise<void>;
};

/** Everything in one process, on one port and in one folder. When it throws, it has left nothing open. */
export function startServer(config: Config, logger: Logger): Promise<Server> {
  const opened = new Opened();
  return opened.or(async () => {
    const folder = openDataFolder(config.dataDir);
    opened.add(async () => folder.close());
    const { session: secret } = loadSecrets(folder.path);
    if (config.demo) await seedFolder(config, secret, logger);
    const clock = systemClock;
    const assets = { ...config.assets, linkSecret: secretFor('links to assets', secret) };
    const profile = await startEmbedded({ ...config, assets, clock, logger }).catch(asSentence(folder.path));
    opened.add(() => profile.stop());

    const parts = { ...profile, config, secret, logger, clock, limiter: memoryLimiter };
    const entrance = makeEntrance({ ...parts, shared: false });
    const sockets = makeSockets(parts, entrance);
    const registry = makeRegistry();
    addReadings(registry, [
      ...serverReadings(profile.watched),
      ...cacheReadings({ ...profile.watched.caches, sessions: entrance.sessions.cacheUse }),
      ...socketReadings(sockets),
    ]);
    const front = makeFront(
      { config, logger, registry, readiness: new Readiness(clock) },
      { sockets, api: makeHttpApi(parts, entrance), pages: await makePages(config, logger) },
    );
    await front.listen();
    opened.add(() => profile.drain());
    opened.add(() => front.drain());

    const invitation =
      config.signUp === 'invite' ? await firstInvitation(profile.directory, clock.now()) : null;
    return { url: front.url(), profile, invitation, stop: () => opened.close() };
  });
}

/** Stores that don't open: damaged, of a newer version, no room. */
const asSentence = (path: string) => (error: unknown) => {
  const deepest = (one: unknown): unknown => (one instanceof Error && one.cause ? deepest(one.cause) : one);
  const reason = String((deepest(error) as Error | undefined)?.message ?? error).replace(/\.$/, '');
  throw new StartupError(`The data in ${path} can't be opened: ${reason}.`, { cause: error });
};
