import type { Clock } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import type { UserId } from '@tidings/api/ids';
import type { Logger } from './parts.ts';
import { entryEvent } from './redelivery.ts';
import { logTrouble } from './trouble.ts';
import type { WebSocketManager } from './websocket-manager.ts';

/** What was put a moment before the first look is told again within two of these (INV7, SYNC8). */
const intervalMs = 4_000;
/** Nobody acknowledges what is put in an account log, so it is told again this often, whether or not it was lost. */
const tellings = 3;

export type AccountRedeliveryParts = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly manager: WebSocketManager;
};

/** The newest entry that was put here. */
type Owed = { readonly entry: Entry; looks: number };

/**
 * The net under the push of account logs (SYNC8): an envelope to the handler of the user's other device may have been lost, and what
 * was put last leaves no gap that would tell of it. So the newest entry is told again, past all caches, to who is connected at
 * another handler: a device that has it drops it, one that lacks more reads what lies between. Who is served here alone has been
 * pushed it for certain; who is offline reads the log when they come.
 */
export class AccountRedelivery {
  readonly #parts: AccountRedeliveryParts;
  readonly #owed = new Map<UserId, Owed>();
  #cancel: (() => void) | null = null;
  #stopped = false;

  constructor(parts: AccountRedeliveryParts) {
    this.#parts = parts;
  }

  /** `entry` was appended here to the user's log. */
  accepted(user: UserId, entry: Entry): void {
    this.#owed.set(user, { entry, looks: 0 });
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #schedule(): void {
    if (this.#cancel || this.#stopped) return;
    this.#cancel = this.#parts.clock.after(intervalMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    // At its first look something may have been put just now: its push may still be on its way.
    const due = [...this.#owed].filter(([, owed]) => owed.looks > 0);
    for (const owed of this.#owed.values()) owed.looks += 1;
    try {
      if (due.length > 0) await this.#tellAgain(due);
    } catch (error) {
      // Not told: the look doesn't count.
      for (const [, owed] of due) owed.looks -= 1;
      logTrouble(this.#parts.logger, error, 'puts of accounts will be told again later');
    }
    this.#cancel = null;
    if (this.#owed.size > 0) this.#schedule();
  }

  async #tellAgain(due: readonly (readonly [UserId, Owed])[]): Promise<void> {
    const { manager } = this.#parts;
    const handlers = await manager.handlersOf(due.map(([user]) => user));
    for (const [index, [user, owed]] of due.entries()) {
      const isElsewhere = handlers[index]?.some((handler) => handler !== manager.handlerId) ?? false;
      const { device } = owed.entry;
      // The device that put it has the answer to its call.
      if (isElsewhere)
        manager.push({ users: [user], events: [entryEvent(owed.entry)], except: device, fresh: true });
      // Another may have been put meanwhile: that one is owed still.
      const isDone = !isElsewhere || owed.looks > tellings;
      if (isDone && this.#owed.get(user) === owed) this.#owed.delete(user);
    }
  }
}
