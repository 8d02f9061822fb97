import type { Clock } from '@tidings/api/clock';
import type { Engine, EngineState } from '@tidings/client/engine-port';
import { Attendance } from './attendance';
import type { Leadership } from './leadership';
import type { Attention, TabChannel, TabId, TabMessage } from './messages';
import { perform } from './perform';
import { resultOf } from './remote-calls';

type SeatParts = {
  readonly tab: TabId;
  readonly engine: Engine;
  readonly channel: TabChannel;
  readonly leadership: Leadership;
  readonly clock: Clock;
  readonly changed: (state: EngineState) => void;
};

/** The leading tab's side: it runs the engine, does the calls of the other tabs and tells them its state. */
export class Seat {
  readonly #parts: SeatParts;
  readonly #attendance: Attendance;
  readonly #watchedTabs = new Map<TabId, () => void>();
  readonly #endState: () => void;
  #state!: EngineState;
  #hiddenAt: number | null = null;

  constructor(parts: SeatParts, attention: Attention) {
    this.#parts = parts;
    this.#attendance = new Attendance(parts.engine, parts.clock);
    let announced = false;
    this.#endState = parts.engine.observe((state) => {
      this.#state = state;
      parts.changed(state);
      if (announced) parts.channel.post({ type: 'state', from: parts.tab, state });
    });
    this.#announce();
    announced = true;
    this.attend(attention);
  }

  get engine(): Engine {
    return this.#parts.engine;
  }

  get attended(): boolean {
    return this.#attendance.present;
  }

  /** What the leading tab itself shows. */
  attend(attention: Attention): void {
    this.#hiddenAt = attention.present ? null : (this.#hiddenAt ?? this.#parts.clock.now());
    this.#attendance.set(this.#parts.tab, attention);
  }

  hear(message: TabMessage): void {
    if (message.type === 'who-leads') this.#announce();
    else if (message.type === 'call' && message.to === this.#parts.tab) void this.#serve(message);
    else if (message.type === 'attention') {
      this.#watchOver(message.from);
      this.#attendance.set(message.from, message.attention);
    }
  }

  async #serve({ from, id, call }: TabMessage & { type: 'call' }): Promise<void> {
    const { tab, channel, engine } = this.#parts;
    channel.post({ type: 'taken', from: tab, to: from, id });
    const result = await resultOf(perform(engine, call));
    channel.post({ type: 'answer', from: tab, to: from, id, result });
  }

  /** Stops the engine; its last writes are in the store when it answers. */
  async end(): Promise<void> {
    this.#attendance.end();
    this.#endState();
    for (const unwatch of this.#watchedTabs.values()) unwatch();
    await this.#parts.engine.stop();
  }

  #announce(): void {
    const { tab, channel, clock } = this.#parts;
    const hiddenForMs = this.#hiddenAt === null ? 0 : Math.max(0, clock.now() - this.#hiddenAt);
    channel.post({ type: 'leading', from: tab, state: this.#state, hiddenForMs });
  }

  /** A tab that crashed says no goodbye; its lock does. */
  #watchOver(tab: TabId): void {
    if (this.#watchedTabs.has(tab)) return;
    const unwatch = this.#parts.leadership.whenGone(tab, () => {
      this.#watchedTabs.delete(tab);
      this.#attendance.forget(tab);
    });
    this.#watchedTabs.set(tab, unwatch);
  }
}
