import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { atRate, Latencies, type Percentiles } from './latencies.ts';
import { usageOf } from './process-usage.ts';

/** What bare `ws` reaches on this machine now: run beside each workload, since machines differ and drift. */
export class BareWs implements AsyncDisposable {
  readonly pid: number;
  readonly #url: string;
  readonly #stop: () => void;
  readonly #clients: WebSocket[] = [];

  private constructor(pid: number, url: string, stop: () => void) {
    this.pid = pid;
    this.#url = url;
    this.#stop = stop;
  }

  static async start(): Promise<BareWs> {
    const child = fork(join(import.meta.dirname, 'bare-ws-server.ts'));
    const [message] = (await once(child, 'message')) as [{ port: number }];
    return new BareWs(child.pid as number, `ws://127.0.0.1:${message.port}`, () => child.kill());
  }

  async connect(count: number): Promise<readonly WebSocket[]> {
    const opened: WebSocket[] = [];
    for (let from = 0; from < count; from += 200) {
      const some = Array.from(
        { length: Math.min(200, count - from) },
        () => new WebSocket(this.#url, { perMessageDeflate: false }),
      );
      await Promise.all(some.map((socket) => once(socket, 'open')));
      opened.push(...some);
    }
    this.#clients.push(...opened);
    return opened;
  }

  /** Frames of `bytes` from one of two connections to the other: latency, and frames per CPU-second of the server. */
  async direct(
    perSecond: number,
    seconds: number,
    bytes = 200,
  ): Promise<{ readonly latency: Percentiles; readonly perCpuSecond: number }> {
    const [sender, recipient] = (await this.connect(2)) as [WebSocket, WebSocket];
    const to = this.#clients.indexOf(recipient);
    const sentAt: number[] = [];
    const latencies = new Latencies();
    const done = received(recipient, perSecond * seconds, (frame) =>
      latencies.add(performance.now() - (sentAt[frame.id] as number)),
    );
    const before = usageOf(this.pid).cpuSeconds;
    const body = 'x'.repeat(bytes);
    await atRate(perSecond, seconds, (id) => {
      sentAt[id] = performance.now();
      sender.send(JSON.stringify({ id, to, body }));
    });
    await done;
    return {
      latency: latencies.percentiles,
      perCpuSecond: (perSecond * seconds) / (usageOf(this.pid).cpuSeconds - before),
    };
  }

  /** One frame at a time to `members` connections: deliveries per CPU-second of the server. */
  async fanOut(members: number, messages: number, bytes = 200): Promise<number> {
    const [sender, ...others] = (await this.connect(members + 1)) as [WebSocket, ...WebSocket[]];
    const body = 'x'.repeat(bytes);
    const all = Promise.all(others.map((socket) => received(socket, messages)));
    const before = usageOf(this.pid).cpuSeconds;
    for (let id = 0; id < messages; id += 1) sender.send(JSON.stringify({ id, all: true, body }));
    await all;
    return (members * messages) / (usageOf(this.pid).cpuSeconds - before);
  }

  /** Bytes of resident memory for each of `count` idle connections. */
  async idleBytes(count: number): Promise<number> {
    const before = usageOf(this.pid).rssBytes;
    await this.connect(count);
    return (usageOf(this.pid).rssBytes - before) / count;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.terminate();
    this.#stop();
  }
}

function received(
  socket: WebSocket,
  count: number,
  take?: (frame: { readonly id: number }) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString('utf8')) as {
        readonly id: number;
        readonly ack?: number;
      };
      if (frame.ack !== undefined) return;
      take?.(frame);
      left -= 1;
      if (left === 0) resolve();
    });
  });
}
