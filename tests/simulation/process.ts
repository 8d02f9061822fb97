import type { Clock } from '@tidings/api/clock';

/**
 * Something that can die in the middle of anything, as a process or a browser does. After `kill` none of its timers runs and no
 * answer reaches it: whatever it was waiting for stays for ever unanswered, so its code stops where it stands. What it had asked
 * of others before is done.
 */
export class SimProcess {
  #alive = true;
  readonly #onDeath: (() => void)[] = [];

  get alive(): boolean {
    return this.#alive;
  }

  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const task of this.#onDeath.splice(0)) task();
  }

  onDeath(task: () => void): void {
    if (this.#alive) this.#onDeath.push(task);
    else task();
  }

  /** `skewMs` is how wrong this process's clock is. */
  clock(clock: Clock, skewMs = 0): Clock {
    const mine = (task: () => void) => () => {
      if (this.#alive) task();
    };
    return {
      now: () => clock.now() + skewMs,
      after: (ms, task) => clock.after(ms, mine(task)),
      soon: (task) => clock.soon(mine(task)),
    };
  }

  /** The port as this process sees it: no call leaves a dead one, and no answer reaches it. */
  port<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...parameters: unknown[]) => {
          if (!this.#alive) return never;
          const answer: unknown = member.apply(target, parameters);
          return answer instanceof Promise ? this.while(answer) : answer;
        };
      },
    });
  }

  /** The answer, if this process lives to hear it. */
  while<T>(answer: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      answer.then(
        (value) => this.#alive && resolve(value),
        (error) => this.#alive && reject(error),
      );
    });
  }
}

const never = new Promise<never>(() => {});
