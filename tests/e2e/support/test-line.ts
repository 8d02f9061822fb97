import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../support/free-port.ts';

/** How slow a slow line is, in each direction. */
export type Slowness = { readonly delayMs: number; readonly bytesPerSecond: number };

/**
 * A line of its own between a browser and the server. What a browser emulates, being offline for instance, doesn't hold for its
 * service worker; this does, since the bytes themselves go through here.
 */
export class TestLine implements AsyncDisposable {
  readonly url: string;
  readonly #target: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #carries = true;
  #slowness: Slowness = { delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY };

  private constructor(server: Server, port: number, target: number) {
    this.#server = server;
    this.#target = target;
    this.url = `http://127.0.0.1:${port}`;
    server.on('connection', (socket) => this.#connected(socket));
  }

  static async to(serverUrl: string): Promise<TestLine> {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new TestLine(server, port, Number(new URL(serverUrl).port));
  }

  /** What is open breaks, what is tried is refused. */
  cut(): void {
    this.#carries = false;
    this.breakOff();
  }

  mend(): void {
    this.#carries = true;
  }

  /** What is open breaks; the next attempt gets through. */
  breakOff(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Half open: from now on nothing comes through what is open, and nothing says so. */
  fallSilent(): void {
    for (const socket of this.#sockets) socket.removeAllListeners('data').pause();
  }

  slowDown(slowness: Slowness): void {
    this.#slowness = slowness;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #connected(near: Socket): void {
    if (!this.#carries) {
      near.destroy();
      return;
    }
    const far = connect(this.#target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      this.#carry(from, to);
      from.on('error', () => to.destroy());
      from.once('close', () => this.#sockets.delete(from));
    }
  }

  /** Each piece arrives after the one before it, and not before the line had room for it and it was long enough on its way. */
  #carry(from: Socket, to: Socket): void {
    let freeAt = 0;
    let arrived = Promise.resolve();
    from.setNoDelay(true);
    from.on('data', (piece) => {
      const { delayMs, bytesPerSecond } = this.#slowness;
      freeAt = Math.max(freeAt, performance.now()) + (piece.length / bytesPerSecond) * 1_000;
      const at = freeAt + delayMs;
      arrived = arrived
        .then(() => delay(Math.max(0, at - performance.now())))
        .then(() => void (to.writable && to.write(piece)));
    });
    from.once('end', () => {
      arrived = arrived.then(() => void to.end());
    });
  }
}
