/** What was opened, closed in the opposite order, once. */
export class Opened {
  readonly #closers: (() => Promise<void>)[] = [];
  #closing: Promise<void> | null = null;

  add(close: () => Promise<void>): void {
    this.#closers.unshift(close);
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  /** What `open` makes; when it throws, what it had opened is closed again. */
  async or<T>(open: () => Promise<T>): Promise<T> {
    try {
      return await open();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #closeAll(): Promise<void> {
    for (const close of this.#closers) await close();
  }
}
