/**
 * One at a time, among all processes: who holds a name, and who waits for it. Whoever waits asks the holder to let go, since the holder
 * may be the same client's broken line. It is a lease: a holder that is stopped for longer than it loses the name without knowing, so
 * what is done under it must bear a second one at work, as seldom as that is.
 */
export interface Locks {
  /**
   * Resolves when the name is ours.
   * @throws TidingsError `conflict` when its holder doesn't let go in time, `unavailable` when nobody can tell.
   */
  take(name: string): Promise<HeldLock>;
}

export type HeldLock = {
  /** Aborted when somebody else waits for the name, or it was lost: finish soon. */
  readonly wanted: AbortSignal;
  /** Idempotent; never rejects. */
  release(): Promise<void>;
};

/** How long a holder has to let go. */
export const patienceMs = 10_000;
