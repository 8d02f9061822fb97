import type { Clock } from '@tidings/api/clock';
import type { CloseReason } from '@tidings/api/errors';
import { TidingsError } from '@tidings/api/errors';
import type { EventBatch, ServerEvent } from '@tidings/api/events';
import { limits } from '@tidings/api/protocol';
import type { Caller } from '@tidings/api/trpc';
import { apiOver } from '@tidings/client/api-over';
import type { Api, Line, StreamListener, Transport } from '@tidings/client/transport';
import type { SimProcess } from './process.ts';
import type { SeededRandom } from './random.ts';

/** A handler as the network sees it. */
export interface Host {
  readonly process: SimProcess;
  /** False while it starts and while it drains. */
  readonly accepts: boolean;
  /** A connection of one device: JSON in, JSON out. */
  accept(caller: Caller): Peer;
}

/** The server's end of one connection. */
export interface Peer {
  call(path: string, input: unknown): Promise<unknown>;
  /** The device's one stream: `take` gets each batch until `close`, or until the server ends it and says why. */
  open(take: (events: EventBatch) => void, ended: (reason: CloseReason | null) => void): void;
  close(): void;
}

/** What lies between one device and the servers. All of its lines share its mood. */
export type Mood =
  | 'good'
  /** Half a second to three seconds each way. */
  | 'slow'
  /** Half open: packets wait for better times, nobody is told. */
  | 'silent'
  /** The device knows that it has no network. */
  | 'offline';

export type NetworkRates = {
  /** The line is cut before the server has the call. */
  readonly loseRequest: number;
  /** The line is cut when the server has answered. */
  readonly loseAnswer: number;
  /** The line is cut at a push. */
  readonly losePush: number;
};

export const noLoss: NetworkRates = { loseRequest: 0, loseAnswer: 0, losePush: 0 };

/** How long a connection takes to be given up when nobody answers. */
const connectMs = 10_000;
/** How long a server holds a connection whose other end went without a word. */
const serverPatienceMs = 30_000;

export type NetworkParts = {
  readonly clock: Clock;
  readonly random: SeededRandom;
  /** Whose network it is. */
  readonly caller: Caller;
  readonly hosts: () => readonly Host[];
  /** Hears of each call that the device makes. */
  readonly called: (path: string, input: unknown) => void;
  /** Hears of everything that a server gives out, when it does; pushes are of `sync.stream`. */
  readonly given: (path: string, value: unknown) => void;
  /** Hears of the same when it arrives, before the device does. */
  readonly received: (path: string, value: unknown) => void;
};

export class Network {
  mood: Mood = 'good';
  rates: NetworkRates = noLoss;
  readonly parts: NetworkParts;
  readonly #lines = new Set<SimLine>();
  #held: (() => void)[] = [];
  #knocking: (() => void)[] = [];

  constructor(parts: NetworkParts) {
    this.parts = parts;
  }

  /** What waited in the silence comes now. Going offline closes the lines here; the servers aren't told. */
  setMood(mood: Mood): void {
    this.mood = mood;
    if (mood === 'offline') {
      this.cut('device');
      this.#held = [];
    }
    if (mood === 'silent') return;
    for (const knock of this.#knocking.splice(0)) knock();
    for (const packet of this.#held.splice(0)) packet();
  }

  /** Ends all lines: both ends learn it, or only one. */
  cut(seenBy: 'both' | 'device' | 'server'): void {
    for (const line of [...this.#lines]) line.cut(seenBy);
  }

  /** The transport of one process of the device. */
  transport(owner: SimProcess): Transport {
    return { connect: (listener) => owner.while(this.#connect(owner, listener)) };
  }

  /** Calls without a line, as a service worker makes them. */
  async request(owner: SimProcess, path: string, input: unknown): Promise<unknown> {
    const host = await this.#reach();
    const line = new SimLine(this, owner, host, { batch: () => {}, closed: () => {} });
    this.#add(line);
    try {
      return await owner.while(line.call(path, input));
    } finally {
      line.close();
    }
  }

  async #connect(owner: SimProcess, listener: StreamListener): Promise<Line> {
    const host = await this.#reach();
    if (!owner.alive) throw unreachable();
    const line = new SimLine(this, owner, host, listener);
    this.#add(line);
    await line.opened(connectMs);
    return line;
  }

  #add(line: SimLine): void {
    this.#lines.add(line);
    line.onEnd(() => this.#lines.delete(line));
  }

  async #reach(): Promise<Host> {
    if (this.mood === 'silent') await this.#knock();
    await after(this.parts.clock, this.latency());
    const hosts = this.parts.hosts().filter((host) => host.accepts);
    if (this.mood === 'offline' || this.mood === 'silent' || hosts.length === 0) throw unreachable();
    return this.parts.random.pick(hosts);
  }

  /** Tries again and again, until somebody hears it or it gives up. */
  #knock(): Promise<void> {
    return new Promise((resolve) => {
      this.#knocking.push(resolve);
      this.parts.clock.after(connectMs, resolve);
    });
  }

  latency(): number {
    return this.mood === 'slow' ? this.parts.random.between(500, 3_000) : this.parts.random.between(1, 25);
  }

  /** Hands a packet over when the network lets it through; false: it is gone. */
  pass(packet: () => void): void {
    if (this.mood === 'silent') this.#held.push(packet);
    else if (this.mood !== 'offline') packet();
  }
}

/** One connection, with packets in order in both directions. Either end may think it open while the other knows better. */
class SimLine implements Line {
  readonly api: Api;
  readonly #network: Network;
  readonly #clock: Clock;
  readonly #owner: SimProcess;
  readonly #listener: StreamListener;
  readonly #host: Host;
  readonly #peer: Peer;
  readonly #pending = new Set<(error: TidingsError) => void>();
  readonly #onEnd: (() => void)[] = [];
  #openHere = true;
  #openThere = true;
  #hello: (() => void) | null = null;
  #upAt = 0;
  #downAt = 0;

  constructor(network: Network, owner: SimProcess, host: Host, listener: StreamListener) {
    this.#network = network;
    this.#clock = network.parts.clock;
    this.#owner = owner;
    this.#host = host;
    this.#listener = listener;
    this.#peer = host.accept(network.parts.caller);
    this.api = apiOver(({ path, input }) => this.call(path, input));
    host.process.onDeath(() => this.#serverGone());
    owner.onDeath(() => this.#deviceGone());
  }

  onEnd(task: () => void): void {
    this.#onEnd.push(task);
  }

  /** Resolves at `hello`. */
  async opened(withinMs: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#pending.add(reject);
      this.#hello = () => {
        this.#pending.delete(reject);
        resolve();
      };
      this.#clock.after(withinMs, () => this.#pending.has(reject) && this.#closeHere(null));
      this.#up(() =>
        this.#peer.open(
          (events) => this.#push(events),
          (reason) =>
            this.#down(
              () => this.#closeHere(reason),
              () => this.#closeThere(),
            ),
        ),
      );
    });
    this.#heartbeat();
  }

  call(path: string, input: unknown): Promise<unknown> {
    if (!this.#openHere) return Promise.reject(unreachable());
    if (this.#strikes('loseRequest')) this.cut(this.#oneEnd());
    return new Promise((resolve, reject) => {
      if (!this.#openHere) return reject(unreachable());
      const text = JSON.stringify(input ?? null);
      this.#network.parts.called(path, JSON.parse(text));
      this.#pending.add(reject);
      const answer = (settle: () => void) => {
        if (this.#strikes('loseAnswer')) return this.cut(this.#oneEnd());
        this.#down(() => this.#pending.delete(reject) && settle());
      };
      this.#up(() => {
        this.#peer.call(path, JSON.parse(text) ?? undefined).then(
          (value) => {
            const copy = copied(value);
            this.#network.parts.given(path, copy);
            answer(() => {
              this.#network.parts.received(path, copy);
              resolve(copy);
            });
          },
          (error: TidingsError) =>
            answer(() => reject(new TidingsError(error.code, 'from the server', retryAfter(error)))),
        );
      });
    });
  }

  check(): void {
    let answered = false;
    this.#up(() => this.#down(() => (answered = true)));
    this.#clock.after(limits.pongMs, () => answered || this.#closeHere(null));
  }

  close(): void {
    if (!this.#openHere) return;
    this.#openHere = false;
    this.#failPending();
    this.#tellServer();
    this.#end();
  }

  cut(seenBy: 'both' | 'device' | 'server'): void {
    if (seenBy !== 'device') this.#closeThere();
    if (seenBy !== 'server') this.#closeHere(null);
  }

  #heartbeat(): void {
    this.#clock.after(limits.pingMs, () => {
      if (!this.#openHere || !this.#owner.alive) return;
      this.check();
      this.#heartbeat();
    });
  }

  #push(events: EventBatch): void {
    if (this.#strikes('losePush')) {
      this.cut(this.#oneEnd());
      return;
    }
    const copy = copied(events) as readonly ServerEvent[];
    this.#network.parts.given('sync.stream', copy);
    this.#down(() => {
      this.#network.parts.received('sync.stream', copy);
      if (this.#hello && copy[0]?.type === 'hello') this.#hello();
      this.#listener.batch(copy);
    });
  }

  #up(packet: () => void): void {
    this.#upAt = Math.max(this.#upAt, this.#clock.now() + this.#network.latency());
    this.#clock.after(this.#upAt - this.#clock.now(), () =>
      this.#network.pass(() => {
        if (this.#openThere) packet();
        else this.#reset();
      }),
    );
  }

  #down(packet: () => void, alsoWhenGone: () => void = () => {}): void {
    alsoWhenGone();
    this.#downAt = Math.max(this.#downAt, this.#clock.now() + this.#network.latency());
    this.#clock.after(this.#downAt - this.#clock.now(), () =>
      this.#network.pass(() => this.#openHere && this.#owner.alive && packet()),
    );
  }

  #closeHere(reason: CloseReason | null): void {
    if (!this.#openHere || !this.#owner.alive) return;
    this.close();
    this.#listener.closed(reason);
  }

  #closeThere(): void {
    if (!this.#openThere) return;
    this.#openThere = false;
    if (this.#host.process.alive) this.#peer.close();
  }

  /** A FIN that arrives, or the server's patience. */
  #tellServer(): void {
    if (this.#network.mood === 'good') this.#clock.after(this.#network.latency(), () => this.#closeThere());
    else this.#clock.after(serverPatienceMs, () => this.#closeThere());
  }

  #serverGone(): void {
    this.#openThere = false;
    this.#reset();
  }

  /** Nobody is at the other end any more, and says so. */
  #reset(): void {
    this.#clock.after(this.#network.latency(), () => this.#network.pass(() => this.#closeHere(null)));
  }

  #deviceGone(): void {
    if (!this.#openHere) return;
    this.#openHere = false;
    this.#tellServer();
    this.#end();
  }

  #failPending(): void {
    for (const reject of [...this.#pending]) reject(unreachable());
    this.#pending.clear();
  }

  #end(): void {
    for (const task of this.#onEnd.splice(0)) task();
  }

  #strikes(kind: keyof NetworkRates): boolean {
    const rate = this.#network.rates[kind];
    return rate > 0 && this.#network.parts.random.chance(rate);
  }

  #oneEnd(): 'both' | 'device' {
    return this.#network.parts.random.chance(0.5) ? 'both' : 'device';
  }
}

const after = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });

const copied = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value));
const unreachable = (): TidingsError => new TidingsError('unavailable', 'no line');
const retryAfter = (error: TidingsError) =>
  error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs };
