import type { Device, DeviceApi } from '@tidings/api/device';
import { TidingsError } from '@tidings/api/errors';
import type { SessionId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import type { SessionRecord } from '@tidings/db/directory/port';
import type { Ports, SessionGate } from './parts.ts';

/** Settings → Devices: the user's signed-in sessions. */
export class DeviceService implements DeviceApi {
  readonly #sessions: Ports['sessions'];
  readonly #gate: SessionGate;

  constructor(parts: { readonly sessions: Ports['sessions']; readonly gate: SessionGate }) {
    this.#sessions = parts.sessions;
    this.#gate = parts.gate;
  }

  async list(caller: Caller): Promise<readonly Device[]> {
    const [sessions, connected] = await Promise.all([
      this.#sessions.ofUser(caller.userId),
      this.#gate.connected(caller.userId),
    ]);
    const device = (session: SessionRecord): Device => ({
      sessionId: session.sessionId,
      deviceId: session.deviceId,
      name: session.name,
      current: session.sessionId === caller.sessionId,
      signedInAt: session.createdAt,
      lastUsedAt: session.lastUsedAt,
      connected: connected.has(session.sessionId),
    });
    return sessions
      .map(device)
      .sort((a, b) => Number(b.current) - Number(a.current) || b.lastUsedAt - a.lastUsedAt);
  }

  /** The row goes first: from then on the cookie is refused; then what is open is closed (SESS1). */
  async revoke(caller: Caller, session: SessionId): Promise<void> {
    if (!(await this.#sessions.remove(caller.userId, session))) throw new TidingsError('not-found');
    await this.#gate.end(caller.userId, [session]);
  }

  async revokeOthers(caller: Caller): Promise<void> {
    const removed = await this.#sessions.removeOthers(caller.userId, caller.sessionId);
    if (removed.length > 0) await this.#gate.end(caller.userId, removed);
  }

  async rename(caller: Caller, session: SessionId, name: string): Promise<void> {
    const own = await this.#sessions.ofUser(caller.userId);
    if (!own.some(({ sessionId }) => sessionId === session)) throw new TidingsError('not-found');
    await this.#sessions.bind(session, { name });
  }
}
