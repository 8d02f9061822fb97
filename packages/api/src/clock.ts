/** Time, as everything that waits or stamps sees it: the machine's, or a simulation's. */
export interface Clock {
  /** Milliseconds since the epoch. May jump; durations come from `after`. */
  now(): number;
  /** Runs `task` once after at least `ms`; the answer cancels it (idempotent). */
  after(ms: number, task: () => void): () => void;
  /** Runs `task` once, when what is going on now has finished: the tick that coalescing waits for. */
  soon(task: () => void): void;
}

/** A number in [0, 1), as `Math.random`; a simulation gives a seeded one. */
export type Random = () => number;

/** Makes an id of 128 random bits, as 22 characters `[A-Za-z0-9_-]`. */
export type MakeId = () => string;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
  soon(task) {
    if (typeof setImmediate === 'function') setImmediate(task);
    else setTimeout(task, 0);
  },
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** Ids from the platform's cryptographic randomness. */
export const secureId: MakeId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(22));
  let id = '';
  for (const byte of bytes) id += alphabet[byte & 63];
  return id;
};

/** Resolves after `ms` of `clock`. */
export const wait = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });

/** What runs: `drain` finishes what was accepted and takes nothing new; `stop` frees everything and is idempotent. */
export interface Running {
  drain(): Promise<void>;
  stop(): Promise<void>;
}
