import type { Clock } from '@tidings/api/clock';
import type { SessionDirectory, UserDirectory } from '@tidings/db/directory/port';
import { Callers } from '../auth/callers.ts';
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
  readonly directory: { readonly users: UserDirectory; readonly sessions: SessionDirectory };
  /** Hears of sessions that ended, at whichever process. */
  readonly handler: WebSocketHandler;
  /** Other processes end sessions too. */
  readonly shared: boolean;
};

/** Who may come in, whichever way: from which pages, with which session, and as whom. */
export type Entrance = {
  readonly origins: Origins;
  readonly sessions: Sessions;
  readonly callers: Callers;
  /** Browsers reach us by https only. */
  readonly secure: boolean;
};

/** How long a session is believed: INV9 holds even where nobody tells that it ended. */
const believeMs = { alone: 30_000, shared: 1_000 } as const;

export async function makeEntrance(parts: EntranceParts): Promise<Entrance> {
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
  const callers = new Callers({ users: directory.users, clock }, config.operators);
  await callers.load();
  return { origins: new Origins(config), sessions, callers, secure };
}
