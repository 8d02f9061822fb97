import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { type Clock, secureId as makeId } from '@tidings/api/clock';
import { paths } from '@tidings/api/protocol';
import type { Services } from '@tidings/api/services';
import type { InviteDirectory, SessionDirectory, UserDirectory } from '@tidings/db/directory/port';
import type { PictureStore } from '@tidings/db/picture-store/port';
import { Accounts } from './auth/accounts.ts';
import { type AuthDatabase, type BetterAuth, makeBetterAuth } from './auth/better-auth.ts';
import { Callers } from './auth/callers.ts';
import { sessionCookieName } from './auth/session-cookie.ts';
import { Sessions } from './auth/sessions.ts';
import type { Config } from './config.ts';
import { authRoutes } from './http/auth-routes.ts';
import { DevProxy } from './http/dev-proxy.ts';
import { makeMetrics, measureRequests } from './http/metrics.ts';
import { Origins } from './http/origins.ts';
import { pictureRoutes } from './http/picture-routes.ts';
import { probes } from './http/probes.ts';
import { isForwarded } from './http/request.ts';
import { rpc } from './http/rpc.ts';
import { makeHttpServer, type Site } from './http/server.ts';
import { StaticSite } from './http/static-site.ts';
import type { Secrets } from './secrets.ts';
import type { Logger } from './services/parts.ts';
import { PictureService } from './services/picture-service.ts';
import type { WebSocketHandler } from './services/websocket-handler.ts';
import { SocketServer } from './socket/socket-server.ts';

const maxConnections = 15_000;

/** What a profile gives to the server's edge. */
export type EdgeParts = {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly services: Services;
  readonly handler: WebSocketHandler;
  readonly directory: AuthDatabase & {
    readonly users: UserDirectory;
    readonly sessions: SessionDirectory;
    readonly invites: InviteDirectory;
  };
  readonly pictures: PictureStore;
};

/** Everything between the port and the services: who may come in, and in which shape they are answered. */
export type Edge = {
  readonly http: HttpServer;
  /** For the demonstration, which makes accounts without a request. */
  readonly auth: BetterAuth;
  readonly drain: () => Promise<void>;
};

export async function makeEdge(parts: EdgeParts): Promise<Edge> {
  const { config, logger, clock, services, handler, directory } = parts;
  const origins = new Origins(config);
  const callers = new Callers(directory.users, config.operators);
  await callers.load();

  const secure = config.publicUrl?.protocol === 'https:';
  const secret = parts.secrets.session;
  const sessions = new Sessions({
    directory: directory.sessions,
    clock,
    secret,
    cookieName: sessionCookieName(secure),
  });
  handler.listen({ sessionsEnded: (ended) => sessions.ended([...ended]) });
  const auth = makeBetterAuth({ database: directory, secret, secure, makeId });
  const accounts = new Accounts({
    ...directory,
    auth,
    gate: handler,
    clock,
    makeId,
    signUp: config.signUp,
    onNew: (user) => callers.learn(user),
  });

  const sockets = new SocketServer({
    services,
    handler,
    clock,
    logger,
    allows: (request) => origins.allows(request),
    authenticate: (request) => sessions.ofCookie(request.headers.cookie),
    callerOf: (session, device) => callers.of(session, device),
    maxConnections,
  });

  let draining = false;
  const registry = makeMetrics({
    tidings_sockets: { help: 'Open WebSockets.', read: () => sockets.size },
    tidings_streams: { help: 'Devices that are live.', read: () => handler.size },
  });
  const { health, ready, metrics } = probes({ config, registry, isDraining: () => draining });
  const http = makeHttpServer({
    api: {
      [paths.rpc]: rpc({ services, sessions, callers, logger }),
      [paths.auth]: authRoutes({ accounts, sessions, config }),
      [paths.pictures]: pictureRoutes({ pictures: new PictureService(parts), sessions }),
      [paths.health]: health,
      [paths.ready]: ready,
      [paths.metrics]: metrics,
    },
    socket: (request, socket, head) => sockets.upgrade(request, socket, head),
    pages: await pagesOf(config, logger),
    origins,
    logger,
    config,
  });
  measureRequests(http, registry);
  if (config.trustProxy === 0) warnOfProxy(http, logger);

  return {
    http,
    auth,
    async drain() {
      draining = true;
      await Promise.all([sockets.drain(), closed(http)]);
      await sockets.stop();
    },
  };
}

async function pagesOf(config: Config, logger: Logger): Promise<Site['pages']> {
  if (config.webDevUrl) return new DevProxy(config.webDevUrl);
  const site = await StaticSite.load(config.webDir, config);
  if (site.isEmpty)
    logger.warn({ webDir: config.webDir }, 'the web app is not built: only the API is served');
  return site;
}

/** Behind a proxy that we don't know of everybody has its address, and limits by address are everybody's together. */
function warnOfProxy(http: HttpServer, logger: Logger): void {
  const look = (request: IncomingMessage) => {
    if (!isForwarded(request)) return;
    http.off('request', look);
    logger.warn(
      {},
      'requests come through a proxy: set TRUST_PROXY to the number of proxies, and PUBLIC_URL',
    );
  };
  http.on('request', look);
}

/** Requests that are under way get this long; an upload over a slow line may not make it. */
const answerMs = 5_000;

/** Resolves when nobody is connected any more. */
function closed(http: HttpServer): Promise<void> {
  const impatience = setTimeout(() => http.closeAllConnections(), answerMs);
  return new Promise((resolve) => {
    http.close(() => {
      clearTimeout(impatience);
      resolve();
    });
    http.closeIdleConnections();
  });
}
