import {
  type ConversationId,
  type DeviceId,
  deviceId,
  directId,
  groupId,
  seq,
  type UserId,
  userId,
} from '@tidings/api/ids';
import { createEngine, type EngineOptions } from '../engine.ts';
import type { Engine, EngineState } from '../engine-port.ts';
import type { LocalStore } from '../local-store.ts';
import { MemoryStore } from '../memory-store.ts';
import { FakeServer } from './fake-server.ts';
import { VirtualClock } from './virtual-clock.ts';

export const anna: UserId = userId('anna-0000');
export const ben: UserId = userId('ben-00000');
export const cleo: UserId = userId('cleo-0000');
export const annaBen: ConversationId = directId(anna, ben);
export const group: ConversationId = groupId('group-000');

export type TestDevice = {
  readonly engine: Engine;
  readonly store: LocalStore;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  state(): EngineState;
};

/** A server with a direct chat and a group, and devices on it, in time that the test moves. */
export class World {
  readonly clock = new VirtualClock();
  readonly server = new FakeServer(this.clock);
  #random = 1;
  #ids = 0;
  readonly #devices: TestDevice[] = [];

  constructor() {
    this.server.chat(annaBen, [anna, ben]);
    this.server.chat(group, [anna, ben, cleo]);
  }

  device(
    user: UserId,
    { name = 'phone', store = new MemoryStore() as LocalStore, options = {} as EngineOptions } = {},
  ): TestDevice {
    const id = deviceId(`${user}-${name}`.padEnd(16, '-'));
    const self = { userId: user, deviceId: id };
    const engine = createEngine({
      self,
      store,
      transport: this.server.transport(self),
      clock: this.clock,
      random: () => this.random(),
      makeId: () => `client-${(++this.#ids).toString().padStart(8, '0')}`,
      options: {
        report: (error) => {
          throw error;
        },
        ...options,
      },
    });
    let state: EngineState | undefined;
    engine.observe((now) => {
      state = now;
    });
    const device = { engine, store, ...self, state: () => state as EngineState };
    this.#devices.push(device);
    return device;
  }

  async liveDevice(user: UserId, more: Parameters<World['device']>[1] = {}): Promise<TestDevice> {
    const device = this.device(user, more);
    await this.live(device);
    return device;
  }

  live(device: TestDevice): Promise<void> {
    return this.clock.until(() => device.state().connection.type === 'live');
  }

  /** Deterministic, and different each time. */
  random(): number {
    this.#random = (this.#random * 48_271) % 2_147_483_647;
    return this.#random / 2_147_483_647;
  }

  /** The lines that a device shows in a conversation. */
  async lines(device: TestDevice, conversation: ConversationId): Promise<string[]> {
    const rows = await device.store.entries(conversation, seq(0), seq(2 ** 40), 'oldest', 100_000);
    return rows.filter((row) => row.visible === 1).map((row) => row.content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#devices.map((device) => device.engine.stop()));
  }
}
