import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { paths } from '@tidings/api/protocol';
import type { Registry } from 'prom-client';
import type { ListenConfig, PeopleConfig } from '../config.ts';
import { Origins } from '../http/origins.ts';
import { probes } from '../http/probes.ts';
import type { Readiness } from '../http/readiness.ts';
import { isForwarded } from '../http/request.ts';
import { makeHttpServer, type Pages, type Site } from '../http/server.ts';
import { measureRequests } from '../metrics/http-metrics.ts';
import type { Logger } from '../services/parts.ts';
import type { SocketServer } from '../socket/socket-server.ts';
import { StartupError } from '../startup-error.ts';

export type FrontParts = {
  readonly config: ListenConfig & Partial<PeopleConfig>;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly readiness: Readiness;
};

/** What a process shows besides its probes: any of these, or nothing. */
export type Faces = {
  readonly api?: Site['api'];
  readonly sockets?: SocketServer;
  readonly pages?: Pages;
};

/** A process's port, and everything that it answers there. */
export type Front = {
  /** Takes requests from when it resolves. @throws StartupError when the port can't be had. */
  listen(): Promise<void>;
  /** Where people reach it. */
  url(): string;
  /** Nobody new comes in; who is here is told to go elsewhere, and gets the answers that are due. */
  drain(): Promise<void>;
};

export function makeFront({ config, logger, registry, readiness }: FrontParts, faces: Faces): Front {
  const { publicUrl = null, allowedOrigins = [], trustProxy } = config;
  const { sockets } = faces;
  const { health, ready, metrics } = probes({ config, registry, readiness });
  const http = makeHttpServer({
    api: { ...faces.api, [paths.health]: health, [paths.ready]: ready, [paths.metrics]: metrics },
    socket: sockets && ((request, socket, head) => sockets.upgrade(request, socket, head)),
    pages: faces.pages,
    origins: new Origins({ publicUrl, allowedOrigins }),
    logger,
    config: { publicUrl, trustProxy },
  });
  measureRequests(http, registry);
  if (trustProxy === 0) warnOfProxy(http, logger);

  return {
    listen: () => listen(http, config),
    url: () => urlOf(http, config.host, publicUrl),
    async drain() {
      readiness.drain();
      await Promise.all([sockets?.drain(), closed(http)]);
      await sockets?.stop();
    },
  };
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

function listen(http: HttpServer, { port, host }: ListenConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(new StartupError(whyNot(error, port, host))));
    http.listen({ port, host, backlog: 4_096 }, resolve);
  });
}

function whyNot(error: NodeJS.ErrnoException, port: number, host: string): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use already. Stop what uses it, or choose another with PORT.`;
    case 'EACCES':
      return `Port ${port} may be opened by the system's administrator only. Choose another with PORT, 1024 or above.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `The setting HOST is “${host}”, and this machine has no such address.`;
    default:
      return `Port ${port} can't be opened: ${error.message}.`;
  }
}

function urlOf(http: HttpServer, host: string, publicUrl: URL | null): string {
  if (publicUrl) return publicUrl.origin;
  const { port } = http.address() as AddressInfo;
  const here = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host);
  return `http://${here ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`;
}
