import { type Clock, secureId as makeId } from '@tidings/api/clock';
import { paths } from '@tidings/api/protocol';
import type { Services } from '@tidings/api/services';
import type { BotDirectory } from '@tidings/db/directory/bot-port';
import type { InviteDirectory, SessionDirectory, UserDirectory } from '@tidings/db/directory/port';
import type { PictureStore } from '@tidings/db/picture-store/port';
import { Accounts } from '../auth/accounts.ts';
import { ApiKeys } from '../auth/api-keys.ts';
import { type AuthDatabase, makeBetterAuth } from '../auth/better-auth.ts';
import type { MakeLimiter } from '../auth/limiter.ts';
import type { Config } from '../config.ts';
import { assetRoutes } from '../http/asset-routes.ts';
import { authRoutes } from '../http/auth-routes.ts';
import { pictureRoutes } from '../http/picture-routes.ts';
import { docsPage } from '../http/public-api/docs-page.ts';
import { publicApiRoutes } from '../http/public-api/routes.ts';
import { rpc } from '../http/rpc.ts';
import type { Site } from '../http/server.ts';
import { uploadRoutes } from '../http/upload-routes.ts';
import type { AssetDownloads } from '../services/asset-downloads.ts';
import type { AssetLinks } from '../services/asset-links.ts';
import type { Logger } from '../services/parts.ts';
import { PictureService } from '../services/picture-service.ts';
import type { ProgramService } from '../services/program-service.ts';
import type { UploadService } from '../services/upload-service.ts';
import type { WebSocketHandler } from '../services/websocket-handler.ts';
import type { Entrance } from './entrance.ts';

export type HttpApiParts = {
  readonly config: Pick<Config, 'signUp' | 'trustProxy' | 'assets' | 'api'>;
  /** Signs session cookies. */
  readonly secret: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly services: Services;
  readonly handler: WebSocketHandler;
  readonly directory: AuthDatabase & {
    readonly users: UserDirectory;
    readonly sessions: SessionDirectory;
    readonly invites: InviteDirectory;
    readonly bots: BotDirectory;
  };
  readonly pictures: PictureStore;
  readonly uploads: UploadService;
  readonly downloads: AssetDownloads;
  readonly links: AssetLinks;
  readonly programs: ProgramService;
  /** Attempts to sign in are counted with it. */
  readonly limiter: MakeLimiter;
};

/** Signing in, the procedures over plain HTTP, pictures and files. */
export function makeHttpApi(parts: HttpApiParts, entrance: Entrance): Site['api'] {
  const { config, logger, clock, services, handler, directory, secret } = parts;
  const { sessions, callers, secure } = entrance;
  const accounts = new Accounts({
    ...directory,
    auth: makeBetterAuth({ database: directory, secret, secure, makeId }),
    gate: handler,
    clock,
    makeId,
    limiter: parts.limiter,
    signUp: config.signUp,
    onNew: (user) => callers.learn(user),
  });
  return {
    [paths.rpc]: rpc({ services, sessions, callers, logger }),
    [paths.auth]: authRoutes({ accounts, sessions, config }),
    [paths.uploads]: uploadRoutes({ ...parts, sessions, largest: config.assets.largest }),
    [paths.assets]: assetRoutes(parts),
    [paths.publicApi]: publicApiRoutes({ ...parts, keys: new ApiKeys({ bots: directory.bots, clock }) }),
    [paths.docs]: docsPage(),
    [paths.pictures]: pictureRoutes({ pictures: new PictureService(parts), sessions }),
  };
}
