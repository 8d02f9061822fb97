import type { Clock } from '@tidings/api/clock';
import type { SessionId, Timestamp } from '@tidings/api/ids';
import type { SessionDirectory, SessionRecord } from '@tidings/db/directory/port';
import { LRUCache } from 'lru-cache';

/** A device's last use is kept to this precision. */
const preciseMs = 10 * 60_000;
/** Between two writes: nobody waits for them, and all devices may come at once. */
const pauseMs = 50;

/** Writes down when sessions were used, one at a time behind everything else. A crash may lose some. */
export class LastUse {
  readonly #directory: SessionDirectory;
  readonly #clock: Clock;
  readonly #noted = new LRUCache<SessionId, Timestamp>({ max: 50_000 });
  readonly #waiting = new Map<SessionId, Timestamp>();
  #writing = false;

  constructor(directory: SessionDirectory, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  note({ sessionId, lastUsedAt }: SessionRecord): void {
    const now = this.#clock.now();
    if (now - Math.max(lastUsedAt, this.#noted.get(sessionId) ?? 0) < preciseMs) return;
    this.#noted.set(sessionId, now);
    this.#waiting.set(sessionId, now);
    if (!this.#writing) void this.#write();
  }

  async #write(): Promise<void> {
    this.#writing = true;
    for (const [session, at] of this.#waiting) {
      await new Promise<void>((resume) => {
        this.#clock.after(pauseMs, resume);
      });
      this.#waiting.delete(session);
      // Lost: the next use after `preciseMs` writes it again.
      await this.#directory.bind(session, { lastUsedAt: at }).catch(() => {});
    }
    this.#writing = false;
  }
}
