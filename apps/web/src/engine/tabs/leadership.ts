/**
 * At most one tab of a user leads: it runs the engine and holds the socket. Two at once do no harm (the server and the local
 * store bear it), so that a tab which doesn't answer may be robbed of it.
 */
export interface Leadership {
  /**
   * Waits for its turn and then leads: `lead` is called, and leadership lasts until it is ended or another tab takes it
   * (`lost` is called then, and the waiting begins again).
   */
  compete(candidate: Candidate): Competition;
  /** Calls `gone` when the tab's page doesn't live any more. Answers how to stop watching. */
  whenGone(tab: string, gone: () => void): () => void;
  /** Lets others see that this tab lives, from when it answers until it ends or the answered function is called. */
  live(tab: string): Promise<() => void>;
}

export type Candidate = { readonly lead: () => void; readonly lost: () => void };

export type Competition = {
  /** Leads at once, whoever led before. */
  take(): void;
  /** Resigns, or stops waiting. */
  end(): void;
};

/** Web Locks: the browser frees the lock of a tab that closes or crashes, and the one that waited longest gets it. */
export function lockLeadership(locks: LockManager, name: string): Leadership {
  const tabLock = (tab: string) => `${name}/tab/${tab}`;
  return {
    compete: (candidate) => new LockCompetition(locks, name, candidate),
    whenGone: (tab, gone) => {
      const watching = new AbortController();
      ignoringAborts(locks.request(tabLock(tab), { mode: 'shared', signal: watching.signal }, gone));
      return () => watching.abort();
    },
    live: (tab) =>
      new Promise((granted, refused) => {
        const holding = () => new Promise<void>((end) => granted(() => end()));
        locks.request(tabLock(tab), holding).catch(refused);
      }),
  };
}

/** A browser without Web Locks: each tab leads itself. */
export const aloneLeadership: Leadership = {
  compete: (candidate) => {
    queueMicrotask(candidate.lead);
    return { take: () => {}, end: () => {} };
  },
  whenGone: () => () => {},
  live: async () => () => {},
};

class LockCompetition implements Competition {
  readonly #locks: LockManager;
  readonly #name: string;
  readonly #candidate: Candidate;
  #waiting = new AbortController();
  #resign: (() => void) | null = null;

  constructor(locks: LockManager, name: string, candidate: Candidate) {
    this.#locks = locks;
    this.#name = name;
    this.#candidate = candidate;
    this.#request({ signal: this.#waiting.signal });
  }

  take(): void {
    if (this.#resign) return;
    this.#waiting.abort();
    this.#waiting = new AbortController();
    this.#request({ steal: true });
  }

  end(): void {
    this.#waiting.abort();
    this.#resign?.();
    this.#resign = null;
  }

  #request(options: LockOptions): void {
    const { signal } = this.#waiting;
    const held = this.#locks.request(this.#name, options, () => {
      if (signal.aborted || this.#resign) return undefined;
      return new Promise<void>((resolve) => {
        this.#resign = resolve;
        this.#candidate.lead();
      });
    });
    held.catch(() => {
      // Taken away while it was held; a request that was given up while it waited ends here too.
      if (signal.aborted || !this.#resign) return;
      this.#resign = null;
      this.#candidate.lost();
      this.#request({ signal });
    });
  }
}

function ignoringAborts(request: Promise<unknown>): void {
  request.catch(() => {});
}
