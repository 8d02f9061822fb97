import type { ConnectionState } from '@tidings/client/engine-port';

/** What people are told of the connection; `null` when there is nothing to say. */
export type ConnectionNews = 'waiting' | 'updating' | null;

/** A device that says itself that it is offline isn't doubted; the rest often passes before anybody would have read it. */
export function newsOf(connection: ConnectionState): {
  readonly news: ConnectionNews;
  readonly afterMs: number;
} {
  switch (connection.type) {
    case 'offline':
      return { news: 'waiting', afterMs: 0 };
    case 'connecting':
      return { news: 'waiting', afterMs: connection.attempt > 1 ? 0 : 2_000 };
    case 'syncing':
      return { news: 'updating', afterMs: 800 };
    case 'live':
    case 'ended':
      return { news: null, afterMs: 0 };
  }
}
