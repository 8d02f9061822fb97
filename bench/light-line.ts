import { once } from 'node:events';
import { secureId } from '@tidings/api/clock';
import { paths, protocolVersion } from '@tidings/api/protocol';
import { WebSocket } from 'ws';
import type { Citizen } from './population.ts';

type Answer = {
  readonly id: number | null;
  readonly result?: { readonly type: string; readonly data?: unknown };
  readonly error?: unknown;
};

/**
 * A device without a client engine: the wire as it is, for workloads with thousands of devices, where it is the server that is
 * measured. It subscribes to the stream and counts what arrives.
 */
export class LightLine {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 1;
  /** Events of type `entry` so far. */
  entries = 0;
  onEntries: (entries: number) => void = () => {};
  /** The line is over, whoever ended it. */
  onClose: () => void = () => {};

  private constructor(url: string, { cookie }: Citizen) {
    const address = `${url.replace('http', 'ws')}${paths.socket}?connectionParams=1`;
    this.#socket = new WebSocket(address, { headers: { cookie, origin: url }, perMessageDeflate: false });
    this.#socket.on('message', (data) => this.#take((data as Buffer).toString('utf8')));
    this.#socket.on('error', () => {}); // a close follows
    this.#socket.on('close', () => this.#closed());
  }

  /** Resolves at `hello`: from then on the server has it among its connected devices. */
  static async open(url: string, citizen: Citizen): Promise<LightLine> {
    const line = new LightLine(url, citizen);
    await once(line.#socket, 'open');
    line.#send({
      method: 'connectionParams',
      data: { protocol: String(protocolVersion), deviceId: secureId() },
    });
    await new Promise<void>((resolve, reject) => {
      line.#waiting.set(1, (answer) =>
        answer.error ? reject(new Error(JSON.stringify(answer.error))) : resolve(),
      );
      line.#send({ id: 1, method: 'subscription', params: { path: 'sync.stream' } });
    });
    return line;
  }

  async call(method: 'query' | 'mutation', path: string, input: unknown): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#send({ id, method, params: { path, input } });
    const { result, error } = await answer;
    if (error) throw new Error(JSON.stringify(error));
    return result?.data;
  }

  close(): void {
    this.#socket.terminate();
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  #take(text: string): void {
    if (text === 'PONG' || text === 'PING') return;
    const answer = JSON.parse(text) as Answer;
    if (answer.id === 1 && answer.result?.type === 'data')
      this.#count(answer.result.data as readonly { readonly type: string }[]);
    if (answer.result?.type === 'started') return;
    const waiting = answer.id === null ? undefined : this.#waiting.get(answer.id);
    if (answer.id !== null) this.#waiting.delete(answer.id);
    waiting?.(answer);
  }

  #closed(): void {
    const error = { message: 'the line is closed' };
    for (const waiting of this.#waiting.values()) waiting({ id: null, error });
    this.#waiting.clear();
    this.onClose();
  }

  #count(events: readonly { readonly type: string }[]): void {
    const entries = events.filter((event) => event.type === 'entry').length;
    if (entries === 0) return;
    this.entries += entries;
    this.onEntries(this.entries);
  }
}

/** Opens lines for all, `atOnce` at a time. */
export async function openAll(
  url: string,
  citizens: readonly Citizen[],
  atOnce = 200,
): Promise<readonly LightLine[]> {
  const lines: LightLine[] = [];
  for (let from = 0; from < citizens.length; from += atOnce) {
    lines.push(
      ...(await Promise.all(
        citizens.slice(from, from + atOnce).map((citizen) => LightLine.open(url, citizen)),
      )),
    );
  }
  return lines;
}
