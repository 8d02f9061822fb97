import { deviceId, isDeviceId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import type { SessionRecord, UserDirectory } from '@tidings/db/directory/port';

/** Makes callers of verified sessions. Who is an operator is a matter of configuration, by username. */
export class Callers {
  readonly #users: Pick<UserDirectory, 'byUsername'>;
  readonly #names: readonly string[];
  readonly #operators = new Set<string>();

  constructor(users: Pick<UserDirectory, 'byUsername'>, operators: readonly string[]) {
    this.#users = users;
    this.#names = operators;
  }

  /** Looks the operators' accounts up; one that is made later counts from {@link learn} on. */
  async load(): Promise<void> {
    const found = await Promise.all(this.#names.map((name) => this.#users.byUsername(name)));
    for (const user of found) if (user) this.#operators.add(user.userId);
  }

  learn(user: { readonly userId: string; readonly username: string }): void {
    if (this.#names.includes(user.username)) this.#operators.add(user.userId);
  }

  /**
   * `named`: the device as the client calls itself. Without it the device is the one that the session was made by, or the
   * session itself: sends need one, and it must be the same on each retry.
   */
  of(session: SessionRecord, named?: unknown): Caller {
    return {
      userId: session.userId,
      sessionId: session.sessionId,
      deviceId: isDeviceId(named) ? named : (session.deviceId ?? deviceId(session.sessionId)),
      ...(this.#operators.has(session.userId) ? { operator: true } : {}),
    };
  }
}
