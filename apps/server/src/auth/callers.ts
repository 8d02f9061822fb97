import type { Clock } from '@tidings/api/clock';
import { deviceId, isDeviceId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import type { SessionRecord, UserDirectory } from '@tidings/db/directory/port';

/** How often an operator who has no account yet is looked for: it may be made at another process. */
const lookAgainMs = 60_000;

export type CallersParts = { readonly users: Pick<UserDirectory, 'byUsername'>; readonly clock: Clock };

/** Makes callers of verified sessions. Who is an operator is a matter of configuration, by username. */
export class Callers {
  readonly #parts: CallersParts;
  /** Operators whose accounts aren't known. */
  readonly #missing: Set<string>;
  readonly #operators = new Set<string>();
  #lookedAt = 0;

  constructor(parts: CallersParts, operators: readonly string[]) {
    this.#parts = parts;
    this.#missing = new Set(operators);
  }

  /** Looks the operators' accounts up; one that is made here later counts from {@link learn} on, elsewhere within a minute. */
  async load(): Promise<void> {
    this.#lookedAt = this.#parts.clock.now();
    const found = await Promise.all([...this.#missing].map((name) => this.#parts.users.byUsername(name)));
    for (const user of found) if (user) this.learn(user);
  }

  learn(user: { readonly userId: string; readonly username: string }): void {
    if (this.#missing.delete(user.username)) this.#operators.add(user.userId);
  }

  /**
   * `named`: the device as the client calls itself. Without it the device is the one that the session was made by, or the
   * session itself: sends need one, and it must be the same on each retry.
   */
  of(session: SessionRecord, named?: unknown): Caller {
    if (this.#missing.size > 0 && this.#parts.clock.now() - this.#lookedAt >= lookAgainMs)
      // When it fails, the next minute's try finds them.
      void this.load().catch(() => {});
    return {
      userId: session.userId,
      sessionId: session.sessionId,
      deviceId: isDeviceId(named) ? named : (session.deviceId ?? deviceId(session.sessionId)),
      ...(this.#operators.has(session.userId) ? { operator: true } : {}),
    };
  }
}
