import type { Clock } from '@tidings/api/clock';
import type { SessionDirectory } from '@tidings/db/directory/port';
import { sessionCookieName } from '../auth/session-cookie.ts';
import { Sessions } from '../auth/sessions.ts';
import type { PeopleConfig } from '../config.ts';
import { Origins } from '../http/origins.ts';
import type { WebSocketHandler } from '../services/websocket-handler.ts';

export type EntranceParts = {
  readonly config: PeopleConfig;
  /** Signs session cookies. */
  readonly secret: string;
  readonly clock: Clock;
  readonly directory: { readonly sessions: SessionDirectory };
  /** Hears of sessions that ended, at whichever process. */
  readonly handler: WebSocketHandler;
  /** Other processes end sessions too. */
  readonly shared: boolean;
};

/** Who may come in, whichever way: from which pages, and with which session. */
export type Entrance = {
  readonly origins: Origins;
  readonly sessions: Sessions;
  /** Browsers reach us by https only. */
  readonly secure: boolean;
};

/** How long a session is believed: INV9 holds even where nobody tells that it ended. */
const believeMs = { alone: 30_000, shared: 1_000 } as const;

export function makeEntrance(parts: EntranceParts): Entrance {
  const { config, clock, directory, handler, secret, shared } = parts;
  const secure = config.publicUrl?.protocol === 'https:';
  const sessions = new Sessions({
    directory: directory.sessions,
    clock,
    secret,
    cookieName: sessionCookieName(secure),
    believeMs: shared ? believeMs.shared : believeMs.alone,
  });
  handler.listen({ sessionsEnded: (ended) => sessions.ended([...ended]) });
  return { origins: new Origins(config), sessions, secure };
}
