import type { Clock } from '@tidings/api/clock';
import type { Services } from '@tidings/api/services';
import { callerOf } from '../auth/caller-of.ts';
import type { Logger } from '../services/parts.ts';
import type { WebSocketHandler } from '../services/websocket-handler.ts';
import { SocketServer } from '../socket/socket-server.ts';
import type { Entrance } from './entrance.ts';

const maxConnections = 15_000;

export type SocketsParts = {
  readonly services: Services;
  readonly handler: WebSocketHandler;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** The devices' sockets, for who comes in by the entrance. */
export function makeSockets(parts: SocketsParts, { origins, sessions }: Entrance): SocketServer {
  return new SocketServer({
    ...parts,
    allows: (request) => origins.allows(request),
    authenticate: (request) => sessions.ofCookie(request.headers.cookie),
    callerOf,
    maxConnections,
  });
}
