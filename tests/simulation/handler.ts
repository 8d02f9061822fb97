import { type Clock, wait } from '@tidings/api/clock';
import { type CloseReason, TidingsError } from '@tidings/api/errors';
import type { EventBatch } from '@tidings/api/events';
import { createCaller } from '@tidings/api/router';
import { type Caller, domainErrorOf } from '@tidings/api/trpc';
import { createServer, type ServerOptions, type TidingsServer } from '@tidings/server/create-server';
import type { Ports } from '@tidings/server/services/parts';
import { UnderWay } from '@tidings/server/services/under-way';
import type { Host, Peer } from './network.ts';
import { SimProcess } from './process.ts';

/** As the socket server has it. */
const answerMs = 1_000;

/** One server process with all its services, which can be killed. */
export class SimHandler implements Host {
  readonly process = new SimProcess();
  readonly #clock: Clock;
  readonly #calls = new UnderWay();
  #server: TidingsServer | null = null;
  #drains = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** False when it found its stores down and gave up, as a process does. Unanswered when it was killed meanwhile. */
  async start(ports: Ports, options: ServerOptions): Promise<boolean> {
    try {
      this.#server = await this.process.while(createServer(ports, options));
      return true;
    } catch (error) {
      this.process.kill();
      if (error instanceof TidingsError) return false;
      throw error;
    }
  }

  get accepts(): boolean {
    return this.#server !== null && !this.#drains && this.process.alive;
  }

  accept(caller: Caller): Peer {
    if (!this.#server) throw new Error('it has not started');
    return new InProcessPeer({ server: this.#server, process: this.process, calls: this.#calls }, caller);
  }

  crash(): void {
    this.process.kill();
  }

  /** As SIGTERM does: answers what is under way, drains, stops, and is gone. */
  async stop(): Promise<void> {
    this.#drains = true;
    await Promise.race([this.#calls.settled(), wait(this.process.clock(this.#clock), answerMs)]);
    await this.#server?.drain();
    await this.#server?.stop();
    this.process.kill();
  }
}

type PeerParts = {
  readonly server: TidingsServer;
  readonly process: SimProcess;
  readonly calls: UnderWay;
};

/** A connection that calls the router in process, with the checks of the wire. */
class InProcessPeer implements Peer {
  readonly #process: SimProcess;
  readonly #calls: UnderWay;
  readonly #abort = new AbortController();
  readonly #procedures: ReturnType<typeof createCaller>;

  constructor({ server, process, calls }: PeerParts, caller: Caller) {
    const { services } = server;
    this.#process = process;
    this.#calls = calls;
    this.#procedures = createCaller({ services, caller, connection: {} }, { signal: this.#abort.signal });
  }

  async call(path: string, input: unknown): Promise<unknown> {
    const [topic = '', name = ''] = path.split('.');
    const procedure = (this.#procedures as unknown as Procedures)[topic]?.[name];
    if (!procedure) throw new TidingsError('not-found', path);
    const answer = procedure(input);
    this.#calls.add(answer);
    try {
      return await this.#process.while(answer);
    } catch (error) {
      throw domainErrorOf(error);
    }
  }

  open(take: (events: EventBatch) => void, ended: (reason: CloseReason | null) => void): void {
    this.#pump(take).then(ended, (error) => ended(domainErrorOf(error).code as CloseReason));
  }

  close(): void {
    this.#abort.abort();
  }

  async #pump(take: (events: EventBatch) => void): Promise<CloseReason | null> {
    const stream = (await this.#procedures.sync.stream()) as AsyncIterable<EventBatch>;
    for await (const events of stream) {
      if (!this.#process.alive) return null;
      take(events);
      const bye = events.find((event) => event.type === 'bye');
      if (bye) return bye.reason as CloseReason;
    }
    return null;
  }
}

type Procedures = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
