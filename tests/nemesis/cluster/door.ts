import { TcpLine } from '@tidings/redis/testing/tcp-line';
import type { Member } from './member.ts';

/**
 * The way of one device to the handlers, as a load balancer gives it: each new connection goes to the next of those that
 * take connections. One that stands still takes them, too.
 */
export class Door implements AsyncDisposable {
  readonly line: TcpLine;
  readonly #state: { handler: Member | null };

  private constructor(line: TcpLine, state: { handler: Member | null }) {
    this.line = line;
    this.#state = state;
  }

  /** `first`: with which of them it begins. */
  static async open(handlers: readonly Member[], first: number): Promise<Door> {
    let turn = first;
    const state: { handler: Member | null } = { handler: null };
    const line = await TcpLine.open(() => {
      const open = handlers.filter(({ process }) => process.isRunning);
      state.handler = open[turn++ % open.length] ?? null;
      return state.handler?.address ?? null;
    });
    return new Door(line, state);
  }

  get url(): string {
    return `http://127.0.0.1:${this.line.port}`;
  }

  /** Where its newest connection went. */
  get handler(): Member | null {
    return this.#state.handler;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.line[Symbol.asyncDispose]();
  }
}
