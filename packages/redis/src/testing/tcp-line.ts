import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export type Address = { readonly host: string; readonly port: number };

/**
 * A line to a service that can be cut, without the service or anybody else noticing: a port of its own that passes everything
 * on. Whom it leads to is asked at each connection; null refuses it.
 */
export class TcpLine implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #state: 'open' | 'held' | 'cut' = 'open';

  private constructor(target: () => Address | null) {
    this.#server = createServer((near) => this.#join(near, target()));
  }

  static async open(target: () => Address | null): Promise<TcpLine> {
    const line = new TcpLine(target);
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts every connection, and refuses new ones. */
  cut(): void {
    this.#state = 'cut';
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Lets nothing through from now on, without closing anything: a network that swallows. */
  hold(): void {
    this.#state = 'held';
    for (const socket of this.#sockets) socket.pause();
  }

  /** Lets everything through again. */
  heal(): void {
    this.#state = 'open';
    for (const socket of this.#sockets) socket.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket, target: Address | null): void {
    near.on('error', () => {});
    if (this.#state === 'cut' || !target) return void near.destroy();
    const far = connect(target);
    far.on('error', () => {});
    this.#pass(near, far);
    this.#pass(far, near);
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.on('data', (bytes) => {
      // Who doesn't read is felt at the other end, as on a real network.
      if (!to.write(bytes)) from.pause();
    });
    to.on('drain', () => {
      if (this.#state === 'open') from.resume();
    });
    if (this.#state === 'held') from.pause();
  }
}
