import { type CloseReason, TidingsError } from '@tidings/api/errors';
import type { EventBatch } from '@tidings/api/events';
import { createCaller } from '@tidings/api/router';
import { type Caller, domainErrorOf } from '@tidings/api/trpc';
import { createServer, type ServerOptions, type TidingsServer } from '@tidings/server/create-server';
import type { Ports } from '@tidings/server/services/parts';
import type { Host, Peer } from './network.ts';
import { SimProcess } from './process.ts';

/** One server process with all its services, which can be killed. */
export class SimHandler implements Host {
  readonly process = new SimProcess();
  #server: TidingsServer | null = null;
  #drains = false;

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
    return new InProcessPeer(this.#server, this.process, caller);
  }

  crash(): void {
    this.process.kill();
  }

  /** As SIGTERM does: drains, stops, and is gone. */
  async stop(): Promise<void> {
    this.#drains = true;
    await this.#server?.drain();
    await this.#server?.stop();
    this.process.kill();
  }
}

/** A connection that calls the router in process, with the checks of the wire. */
class InProcessPeer implements Peer {
  readonly #process: SimProcess;
  readonly #abort = new AbortController();
  readonly #procedures: ReturnType<typeof createCaller>;

  constructor({ services }: TidingsServer, process: SimProcess, caller: Caller) {
    this.#process = process;
    this.#procedures = createCaller({ services, caller, connection: {} }, { signal: this.#abort.signal });
  }

  async call(path: string, input: unknown): Promise<unknown> {
    const [topic = '', name = ''] = path.split('.');
    const procedure = (this.#procedures as unknown as Procedures)[topic]?.[name];
    if (!procedure) throw new TidingsError('not-found', path);
    try {
      return await this.#process.while(procedure(input));
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
