import type { Clock } from '@tidings/api/clock';
import type { DeviceId, SessionId, UserId } from '@tidings/api/ids';
import { createEngine } from '@tidings/client/engine';
import type { Engine } from '@tidings/client/engine-port';
import type { Cluster } from './cluster.ts';
import { DeviceDisk } from './device-store.ts';
import { type Mood, Network } from './network.ts';
import { SimProcess } from './process.ts';
import type { SeededRandom } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { DeviceWatcher } from './watcher.ts';
import type { Witness } from './witness.ts';

export type DeviceParts = {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly session: SessionId;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly cluster: Cluster;
  readonly witness: Witness;
  /** How wrong its clock is. */
  readonly skewMs: number;
};

/** A device: a disk and a network that stay, and a program that comes and goes. */
export class SimDevice {
  readonly user: UserId;
  readonly device: DeviceId;
  readonly disk: DeviceDisk;
  readonly network: Network;
  readonly watcher: DeviceWatcher;
  /** As wrong as its owner has set it. */
  readonly clock: Clock;
  readonly #parts: DeviceParts;
  #running: { readonly process: SimProcess; readonly engine: Engine } | null = null;

  constructor(parts: DeviceParts) {
    const { user, device, clock, random, cluster, witness } = parts;
    this.#parts = parts;
    this.user = user;
    this.device = device;
    this.clock = new SimProcess().clock(clock, parts.skewMs);
    this.watcher = new DeviceWatcher(user, device);
    this.disk = new DeviceDisk({
      clock,
      random: random.stream('disk'),
      applied: (changes) => {
        this.watcher.applied(changes);
        witness.applied(this, changes);
      },
    });
    this.network = new Network({
      clock,
      random: random.stream('net'),
      caller: { userId: user, deviceId: device, sessionId: parts.session },
      hosts: () => cluster.handlers,
      called: (path, input) => witness.called(this, path, input),
      given: (path, value) => witness.given(this, path, value),
      received: (path, value) => witness.received(this, path, value),
    });
  }

  /** `null` while it is switched off. */
  get engine(): Engine | null {
    return this.#running?.engine ?? null;
  }

  start(): void {
    if (this.#running) return;
    const process = new SimProcess();
    const { random } = this.#parts;
    const engine = createEngine({
      self: { userId: this.user, deviceId: this.device },
      store: this.disk.openedBy(process),
      transport: this.network.transport(process),
      clock: process.clock(this.clock),
      random: random.next,
      makeId: random.makeId,
      options: {
        isOnline: () => this.network.mood !== 'offline',
        report: (error) =>
          this.watcher.violations.push({ rule: 'report', what: `${(error as Error).stack}` }),
      },
    });
    this.#running = { process, engine };
  }

  /** Where the network was off and is on again, the program is told, as a browser tells a page. */
  setMood(mood: Mood): void {
    const wasOffline = this.network.mood === 'offline';
    this.network.setMood(mood);
    if (wasOffline && mood !== 'offline') this.engine?.wake();
  }

  /** Power off: whatever it was doing is not done. */
  crash(): void {
    this.#running?.process.kill();
    this.#running = null;
  }
}
