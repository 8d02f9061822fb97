import { type Clock, systemClock } from '@tidings/api/clock';

/** The system's clock, but for what it says the time is: so that things happen when the script says. Never goes back. */
export class ScriptClock implements Clock {
  #now = 0;

  now(): number {
    return this.#now;
  }

  set(at: number): void {
    this.#now = Math.max(this.#now, at);
  }

  after(ms: number, task: () => void): () => void {
    return systemClock.after(ms, task);
  }

  soon(task: () => void): void {
    systemClock.soon(task);
  }
}
