import type { Clock } from '@tidings/api/clock';
import type { ServerEvent } from '@tidings/api/events';
import { protocolVersion } from '@tidings/api/protocol';
import type { Caller } from '@tidings/api/trpc';
import type { Line, Lines } from './lines.ts';
import type { WebSocketManager } from './websocket-manager.ts';

/** Lines that are all greeted again are greeted over so long: each of them reads its heads. */
const spreadMs = 2_000;

export type GreetingsParts = {
  readonly clock: Clock;
  readonly lines: Lines;
  readonly manager: WebSocketManager;
};

/** What a stream begins with; said once more where something may have been missed, it makes the device compare its heads (SYNC6). */
export class Greetings {
  readonly #parts: GreetingsParts;
  #round: 'none' | 'on' | 'once more' = 'none';
  #laterRound = 0;

  constructor(parts: GreetingsParts) {
    this.#parts = parts;
  }

  hello({ userId, deviceId, sessionId }: Caller): ServerEvent {
    const serverTime = this.#parts.clock.now();
    return { type: 'hello', protocol: protocolVersion, userId, deviceId, sessionId, serverTime };
  }

  /** When nobody can act any more on what they looked up before now. */
  againLater(line: Line): void {
    const { clock, manager } = this.#parts;
    clock.after(manager.staleMs, () => this.#greet(line));
  }

  /**
   * Nobody could be found here for a while, or nothing that others sent was heard: what it was is lost, and what comes next doesn't tell of
   * it. When there is a reason again before everybody was greeted, it begins anew, and once is enough.
   */
  allLater(): void {
    const { lines, manager } = this.#parts;
    const round = ++this.#laterRound;
    if (manager.staleMs > 0) this.#spread(lines.all(), manager.staleMs, () => round === this.#laterRound);
  }

  /** What another handler sent for somebody here was lost, and nobody knows for whom it was. */
  afterLoss(): void {
    if (this.#round !== 'none') {
      this.#round = 'once more';
      return;
    }
    this.#round = 'on';
    this.#spread(this.#parts.lines.all(), 0);
    this.#parts.clock.after(spreadMs, () => {
      const isDue = this.#round === 'once more';
      this.#round = 'none';
      if (isDue) this.afterLoss();
    });
  }

  #spread(lines: readonly Line[], fromMs: number, isDue = () => true): void {
    for (const [index, line] of lines.entries()) {
      this.#parts.clock.after(fromMs + (spreadMs * index) / lines.length, () => {
        if (isDue()) this.#greet(line);
      });
    }
  }

  #greet(line: Line): void {
    line.push([JSON.stringify(this.hello(line.caller))]);
  }
}
