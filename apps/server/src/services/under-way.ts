/** Counts work that nobody waits for, so that a drain can. */
export class UnderWay {
  #count = 0;
  #idle: (() => void)[] = [];

  add(work: Promise<unknown>): void {
    this.#count += 1;
    work.then(this.#done, this.#done);
  }

  /** Resolves when none of it is left. */
  async settled(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  readonly #done = (): void => {
    this.#count -= 1;
    if (this.#count === 0) for (const resolve of this.#idle.splice(0)) resolve();
  };
}
