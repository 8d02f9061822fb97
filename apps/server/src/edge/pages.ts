import type { Config } from '../config.ts';
import { DevProxy } from '../http/dev-proxy.ts';
import type { Pages } from '../http/server.ts';
import { StaticSite } from '../http/static-site.ts';
import type { Logger } from '../services/parts.ts';

/** The web app: the built one, or the one that is being worked on. */
export async function makePages(
  config: Pick<Config, 'webDir' | 'webDevUrl' | 'publicUrl'>,
  logger: Logger,
): Promise<Pages> {
  if (config.webDevUrl) return new DevProxy(config.webDevUrl);
  const site = await StaticSite.load(config.webDir, config);
  if (site.isEmpty)
    logger.warn({ webDir: config.webDir }, 'the web app is not built: only the API is served');
  return site;
}
