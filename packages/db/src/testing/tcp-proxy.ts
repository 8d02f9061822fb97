import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export type TcpProxy = {
  readonly port: number;
  /** Requests go on arriving; their answers are lost. */
  loseAnswers(): void;
  /** Answers come through again. */
  heal(): void;
  /** Cuts every connection, and refuses new ones. */
  cut(): void;
};

/** A line to a service that a test can spoil, without the service or anybody else noticing. */
export async function tcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let state: 'open' | 'losing' | 'cut' = 'open';

  const pipe = (from: Socket, to: Socket, isAnswer: boolean) => {
    sockets.add(from);
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      // What it said before it hung up still arrives.
      to.end();
    });
    from.on('data', (bytes) => {
      if (!isAnswer || state !== 'losing') to.write(bytes);
    });
  };
  const server = createServer((near) => {
    if (state === 'cut') return void near.destroy();
    const far = connect(target);
    pipe(near, far, false);
    pipe(far, near, true);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const cut = () => {
    state = 'cut';
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(async () => {
    cut();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: (server.address() as AddressInfo).port,
    loseAnswers() {
      state = 'losing';
    },
    heal() {
      state = 'open';
    },
    cut,
  };
}
