import type { Clock } from '@tidings/api/clock';
import type { HandlerId } from '@tidings/api/ids';
import type { Connection, Registry } from '@tidings/bus/registry/port';
import type { Logger } from './parts.ts';
import { logTrouble } from './trouble.ts';

export type LeaseParts = {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly handlerId: HandlerId;
  /** How long the registry believes in a handler that it hears nothing of. */
  readonly leaseMs: number;
  /** Everything that is to be registered now. What arrives is here before it is told of, what leaves is gone by then. */
  readonly here: () => readonly Connection[];
  /** All of them were registered anew: until now they may have been missed. */
  readonly madeAnew: () => void;
};

/** Renewals that found the lease running · leases that were begun anew, with everybody · calls that failed. */
export type LeaseTurns = { renewed: number; begun: number; failed: number };

/**
 * What the registry holds of this handler, under a lease that is renewed three times as often as needed. One call at a time, so
 * that nothing is counted twice. After one that failed nobody knows what the registry has: then all is given up and made again.
 */
export class Lease {
  readonly turns: LeaseTurns = { renewed: 0, begun: 0, failed: 0 };
  readonly #parts: LeaseParts;
  #arriving: { readonly connection: Connection; readonly done: () => void }[] = [];
  #leaving: Connection[] = [];
  #turn: Promise<void> = Promise.resolve();
  /** The registry has what this handler told it. */
  #isSound = false;
  #cancelRenewal = () => {};
  #stopped = false;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
  }

  async run(): Promise<void> {
    await this.#inTurn('the lease is not renewed', () => this.#renew());
    if (this.#stopped) return;
    this.#cancelRenewal = this.#parts.clock.after(this.#parts.leaseMs / 3, () => void this.run());
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancelRenewal();
    const { registry, handlerId } = this.#parts;
    await this.#inTurn('the lease is not given up', () => registry.leave(handlerId));
  }

  /** Resolves when every lookup that starts from now on sees it, or the registry is down. Those of a tick travel together. */
  register(connection: Connection): Promise<void> {
    return new Promise((done) => {
      if (this.#arriving.push({ connection, done }) > 1) return;
      this.#parts.clock.soon(
        () => void this.#inTurn('somebody is not registered', () => this.#tellArriving()),
      );
    });
  }

  unregister(connection: Connection): void {
    if (this.#leaving.push(connection) > 1) return;
    this.#parts.clock.soon(
      () => void this.#inTurn('somebody is still registered', () => this.#tellLeaving()),
    );
  }

  async #renew(): Promise<void> {
    const { registry, handlerId, leaseMs } = this.#parts;
    const lived = this.#isSound && (await registry.renew(handlerId, leaseMs));
    if (lived) this.turns.renewed += 1;
    else await this.#beginAnew();
  }

  async #beginAnew(): Promise<void> {
    const { registry, handlerId, leaseMs, here } = this.#parts;
    await registry.leave(handlerId);
    await registry.renew(handlerId, leaseMs);
    this.#leaving = [];
    await this.#withArriving(() => registry.register(handlerId, here()));
    this.#isSound = true;
    this.turns.begun += 1;
    this.#parts.madeAnew();
  }

  async #tellArriving(): Promise<void> {
    if (this.#arriving.length === 0) return;
    const connections = this.#arriving.map(({ connection }) => connection);
    const { registry, handlerId } = this.#parts;
    await this.#withArriving(() => registry.register(handlerId, connections));
  }

  async #tellLeaving(): Promise<void> {
    const leaving = this.#leaving.splice(0);
    if (leaving.length > 0 && !this.#stopped)
      await this.#parts.registry.unregister(this.#parts.handlerId, leaving);
  }

  /** Whoever comes while the registry is down is served all the same: it is a hint. */
  async #withArriving(tell: () => Promise<void>): Promise<void> {
    const arriving = this.#arriving.splice(0);
    try {
      await tell();
    } finally {
      for (const { done } of arriving) done();
    }
  }

  #inTurn(trouble: string, work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work).catch((error: unknown) => {
      this.#isSound = false;
      this.turns.failed += 1;
      logTrouble(this.#parts.logger, error, trouble, { handler: this.#parts.handlerId });
    });
    return this.#turn;
  }
}
