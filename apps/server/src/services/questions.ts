import type { Clock, MakeId } from '@tidings/api/clock';
import type { HandlerId, SessionId, UserId } from '@tidings/api/ids';
import type { Envelope } from './envelope.ts';
import type { Logger } from './parts.ts';
import { logTrouble } from './trouble.ts';
import type { WebSocketManager } from './websocket-manager.ts';

/** How long other handlers have to answer. */
const askMs = 300;

type Take = (sessions: readonly SessionId[]) => void;

export type QuestionsParts = {
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly logger: Logger;
  readonly manager: WebSocketManager;
};

/** Asks the other handlers that serve a user, over a channel that may lose the question or the answer. */
export class Questions {
  readonly #parts: QuestionsParts;
  readonly #waiting = new Map<string, Take>();

  constructor(parts: QuestionsParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when all have answered, or had their time: false when somebody hasn't, or nobody knows who should have. `take` gets each
   * answer.
   */
  async ask(user: UserId, question: (ask: string) => Envelope, take: Take = () => {}): Promise<boolean> {
    const { clock, makeId, manager } = this.#parts;
    const ask = makeId();
    // Past the cache of lookups: a handler must not be missed for the age of one.
    const others = await this.#othersOf(user);
    if (!others) return false;
    if (others.length === 0) return true;
    const { promise, resolve } = Promise.withResolvers<void>();
    let open = others.length;
    this.#waiting.set(ask, (sessions) => {
      take(sessions);
      open -= 1;
      if (open === 0) resolve();
    });
    const cancel = clock.after(askMs, resolve);
    for (const handler of others) manager.send(handler, question(ask));
    await promise;
    cancel();
    this.#waiting.delete(ask);
    return open === 0;
  }

  async #othersOf(user: UserId): Promise<readonly HandlerId[] | null> {
    try {
      return [...(await this.#parts.manager.byHandler([user])).keys()];
    } catch (error) {
      logTrouble(this.#parts.logger, error, 'other handlers are not asked', { user });
      return null;
    }
  }

  answered(ask: string, sessions: readonly SessionId[]): void {
    this.#waiting.get(ask)?.(sessions);
  }
}
