import type { Clock } from '@tidings/api/clock';
import type { DeviceId, HandlerId, UserId } from '@tidings/api/ids';
import type { Connection, Registry } from './port.ts';

type Lease = { readonly users: Map<UserId, Map<DeviceId, number>>; cancel: () => void };

/** The registry of one process: few handlers, so a lookup asks each of them. */
export class MemoryRegistry implements Registry {
  readonly #clock: Clock;
  /** Of handlers whose lease runs; a lease takes its entries with it when it ends. */
  readonly #leases = new Map<HandlerId, Lease>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async renew(handler: HandlerId, leaseMs: number): Promise<boolean> {
    const running = this.#leases.get(handler);
    running?.cancel();
    const lease: Lease = running ?? { users: new Map(), cancel: () => {} };
    lease.cancel = this.#clock.after(leaseMs, () => this.#leases.delete(handler));
    this.#leases.set(handler, lease);
    return running !== undefined;
  }

  async register(handler: HandlerId, connections: readonly Connection[]): Promise<void> {
    const users = this.#leases.get(handler)?.users;
    // Without a lease nothing counts; the next renewal says so, and everybody is registered again.
    if (!users) return;
    for (const { user, device } of connections) {
      const devices = users.get(user) ?? new Map<DeviceId, number>();
      devices.set(device, (devices.get(device) ?? 0) + 1);
      users.set(user, devices);
    }
  }

  async unregister(handler: HandlerId, connections: readonly Connection[]): Promise<void> {
    const users = this.#leases.get(handler)?.users;
    for (const { user, device } of connections) {
      const devices = users?.get(user);
      const count = devices?.get(device);
      if (!devices || !count) continue;
      if (count > 1) devices.set(device, count - 1);
      else devices.delete(device);
      if (devices.size === 0) users?.delete(user);
    }
  }

  async handlersOf(users: readonly UserId[]): Promise<readonly (readonly HandlerId[])[]> {
    const leases = [...this.#leases];
    return users.map((user) =>
      leases.filter(([, lease]) => lease.users.has(user)).map(([handler]) => handler),
    );
  }

  async leave(handler: HandlerId): Promise<void> {
    this.#leases.get(handler)?.cancel();
    this.#leases.delete(handler);
  }
}
