import { setTimeout as pause } from 'node:timers/promises';
import type { ConversationId } from '@tidings/api/ids';
import type { SeededRandom } from '../simulation/random.ts';
import type { NemesisDevice } from './device.ts';
import type { Town } from './town.ts';

/** As many wait for an acknowledgement at a device before it writes more. */
const mostWaiting = 6;

/** A person's pace, so that the server's limits for floods don't come into it. */
export type Pace = { readonly leastMs: number; readonly mostMs: number };
const brisk: Pace = { leastMs: 1, mostMs: 20 };

/** Somebody who writes at a device for as long as it goes on, server or no server: the outbox holds what can't go now. */
export class Writer {
  readonly #device: NemesisDevice;
  readonly #random: SeededRandom;
  readonly #pace: Pace;
  #writing: Promise<void> | null = null;
  #stopped = false;

  constructor(device: NemesisDevice, random: SeededRandom, pace: Pace = brisk) {
    this.#device = device;
    this.#random = random;
    this.#pace = pace;
  }

  start(town: Town): void {
    this.#writing ??= this.#write(town.chatsOf(this.#device));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#writing;
  }

  async #write(conversations: readonly ConversationId[]): Promise<void> {
    const { engine } = this.#device;
    for (let count = 1; !this.#stopped; count += 1) {
      const conversation = this.#random.pick(conversations);
      await engine.send(conversation, { type: 'text', text: `${this.#device.device} ${count}` });
      if (this.#random.chance(0.3)) await this.#readAll(conversation);
      await pause(this.#random.between(this.#pace.leastMs, this.#pace.mostMs));
      await this.#device.until(async (store) => this.#stopped || (await store.outbox()).length < mostWaiting);
    }
  }

  async #readAll(conversation: ConversationId): Promise<void> {
    const held = (await this.#device.store.conversation(conversation))?.ranges.at(-1)?.last;
    if (held) this.#device.engine.markRead(conversation, held);
  }
}
