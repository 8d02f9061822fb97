import { secureId } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import type { ServerEvent, ServerEventOf } from '@tidings/api/events';
import {
  type ConversationId,
  clientId,
  deviceId,
  directId,
  groupId,
  handlerId,
  type Seq,
  seq,
  sessionId,
  type UserId,
  userId,
} from '@tidings/api/ids';
import type { Outgoing, SendResult } from '@tidings/api/message';
import type { Services } from '@tidings/api/services';
import type { Caller } from '@tidings/api/trpc';
import { MemoryChannel } from '@tidings/bus/channel/memory';
import { MemoryLocks } from '@tidings/bus/lock/memory';
import { MemoryLog } from '@tidings/bus/log/memory';
import { MemoryRegistry } from '@tidings/bus/registry/memory';
import { MemorySequencer } from '@tidings/bus/sequencer/memory';
import { ManualClock } from '@tidings/bus/testing/manual-clock';
import { MemoryBlobs } from '@tidings/db/blob-store/memory';
import type { Directory } from '@tidings/db/directory/directory';
import { openEmbeddedDirectory } from '@tidings/db/directory/embedded';
import { openSqliteStoresInProcess, type SqliteStores } from '@tidings/db/sqlite/stores';
import { createServer, type ServerOptions, type TidingsServer } from '../create-server.ts';
import type { Ports } from '../services/parts.ts';

export type WorldOptions = {
  /** Processes on the same ports. */
  readonly servers?: number;
  /** Puts something between the services and the adapters. */
  readonly wrap?: (ports: Ports) => Ports;
  readonly server?: Partial<ServerOptions>;
};

/** The services on the embedded profile's adapters in memory, as often as one likes, and time that passes when a test says so. */
export class World implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly directory: Directory;
  readonly ports: Ports;
  readonly #stores: SqliteStores;
  readonly #servers: TidingsServer[] = [];
  readonly #options: WorldOptions;

  private constructor(directory: Directory, options: WorldOptions) {
    this.directory = directory;
    this.#options = options;
    this.#stores = openSqliteStoresInProcess(':memory:', this.clock);
    const { users, sessions, conversations, invites, bots } = directory;
    const { assets, assetReferences, assetSweep, uploads } = directory;
    const { messages, watermarks, accountStates, lastSeen } = this.#stores;
    const silent = () => {};
    const ports: Ports = {
      clock: this.clock,
      random: () => 0.5,
      makeId: secureId,
      logger: { debug: silent, info: silent, warn: silent, error: silent },
      ...{ users, sessions, conversations, invites, bots, messages, watermarks, accountStates, lastSeen },
      pictures: { put: () => Promise.reject(new Error('no pictures')), get: async () => null },
      ...{ assets, assetReferences, assetSweep, uploads },
      blobs: new MemoryBlobs(),
      locks: new MemoryLocks(this.clock),
      registry: new MemoryRegistry(this.clock),
      channel: new MemoryChannel(this.clock),
      groupLog: new MemoryLog(this.clock),
      sequencer: new MemorySequencer(),
    };
    this.ports = options.wrap?.(ports) ?? ports;
  }

  static async start(options: WorldOptions = {}): Promise<World> {
    const world = new World(await openEmbeddedDirectory(':memory:'), options);
    for (let count = options.servers ?? 1; count > 0; count -= 1) await world.startServer();
    return world;
  }

  async startServer(): Promise<TidingsServer> {
    const id = handlerId(`handler-${this.#servers.length + 1}`);
    const shared = (this.#options.servers ?? 1) > 1;
    const assets = { largest: 1_000_000, quota: 0, linkSecret: 'a secret of these tests' };
    const options = { retention: 'keep', shared, handlerId: id, assets, ...this.#options.server } as const;
    const server = await this.do(createServer(this.ports, options));
    this.#servers.push(server);
    return server;
  }

  server(at = 0): TidingsServer {
    return this.#servers[at] as TidingsServer;
  }

  services(at = 0): Services {
    return this.server(at).services;
  }

  /** Lets everything go on that needs no time, until the work is done. */
  async do<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const ended = work.finally(() => {
      done = true;
    });
    ended.catch(() => {});
    while (!done) await this.clock.pass(0);
    return ended;
  }

  /** Lets time pass, and what it sets off finish: also what takes several turns, such as a query. */
  async pass(ms: number): Promise<void> {
    await this.clock.pass(ms);
    for (let turn = 0; turn < 50; turn += 1) await this.clock.pass(0);
  }

  /** Lets what is under way finish without any time. */
  settle(): Promise<void> {
    return this.pass(0);
  }

  /** Somebody new, on their first device. */
  async person(name: string): Promise<Caller> {
    const id = userId(`user-${name}`);
    const row = { id, name, username: name, displayUsername: name, email: `${name}@users.invalid` };
    await this.directory.client.user.create({ data: row });
    return this.device(id);
  }

  people<const N extends readonly string[]>(...names: N): Promise<{ -readonly [K in keyof N]: Caller }> {
    return Promise.all(names.map((name) => this.person(name))) as Promise<{
      -readonly [K in keyof N]: Caller;
    }>;
  }

  /** One more device of theirs, with a session of its own. */
  async device(user: UserId): Promise<Caller> {
    const caller = { userId: user, sessionId: sessionId(secureId()), deviceId: deviceId(secureId()) };
    // By the directory's clock, which is the machine's.
    const expiresAt = new Date(Date.now() + 30 * 86_400_000);
    await this.directory.client.session.create({
      data: { id: caller.sessionId, token: secureId(), userId: user, expiresAt },
    });
    return caller;
  }

  async direct(a: Caller, b: Caller): Promise<ConversationId> {
    await this.do(this.services().conversations.open(a, b.userId));
    return directId(a.userId, b.userId);
  }

  async group(owner: Caller, ...members: Caller[]): Promise<ConversationId> {
    const wish = {
      clientId: someClientId(),
      name: 'Group',
      description: '',
      members: members.map(({ userId }) => userId),
    };
    const head = await this.do(this.services().groups.create(owner, wish));
    await this.settle();
    return head.conversationId;
  }

  send(
    caller: Caller,
    conversationId: ConversationId,
    having: Partial<Outgoing> = {},
    at = 0,
  ): Promise<SendResult> {
    return this.sendAll(caller, [outgoing(conversationId, having)], at).then(
      ([result]) => result as SendResult,
    );
  }

  sendAll(caller: Caller, messages: readonly Outgoing[], at = 0): Promise<readonly SendResult[]> {
    return this.do(this.services(at).messages.send(caller, messages));
  }

  /** Where it stands now; fails the test when it was refused. */
  async sent(
    caller: Caller,
    conversationId: ConversationId,
    having: Partial<Outgoing> = {},
    at = 0,
  ): Promise<Seq> {
    const result = await this.send(caller, conversationId, having, at);
    if ('error' in result) throw new Error(`not sent: ${result.error}`);
    return result.seq;
  }

  /** Everything that the caller may read, ascending. */
  async log(caller: Caller, conversationId: ConversationId, at = 0): Promise<readonly Entry[]> {
    const range = {
      conversationId,
      first: seq(1),
      last: seq(2 ** 40),
      from: 'oldest',
      limit: 1_000,
    } as const;
    const [page] = await this.do(this.services(at).messages.read(caller, [range]));
    if (page?.error) throw new Error(`not read: ${page.error}`);
    return page?.entries ?? [];
  }

  /** A device on the line, and what it hears. */
  async connect(caller: Caller, at = 0): Promise<Ear> {
    const ear = new Ear(caller, this.services(at));
    await this.do(ear.greeted);
    return ear;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) await this.do(server.stop());
    await this.#stores.stop();
    await this.directory.close();
  }
}

export const someClientId = () => clientId(secureId());
export const someGroup = () => groupId(secureId());

export const outgoing = (conversationId: ConversationId, having: Partial<Outgoing> = {}): Outgoing => ({
  conversationId,
  clientId: someClientId(),
  kind: 'message',
  content: 'hello',
  ...having,
});

/** The other end of a stream. */
export class Ear {
  readonly caller: Caller;
  readonly connection = {};
  readonly events: ServerEvent[] = [];
  readonly greeted: Promise<void>;
  /** The stream is over. */
  over = false;
  readonly #stop = new AbortController();

  constructor(caller: Caller, services: Services) {
    this.caller = caller;
    const stream = services.stream.open(caller, this.connection, this.#stop.signal);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.greeted = promise;
    void this.#listen(stream, resolve).catch(reject);
  }

  of<T extends ServerEvent['type']>(type: T): ServerEventOf<T>[] {
    return this.events.filter((event): event is ServerEventOf<T> => event.type === type);
  }

  /** Positions pushed of a conversation, in the order in which they came. */
  positions(conversation: ConversationId): number[] {
    return this.of('entry').flatMap(({ entry }) =>
      entry.conversationId === conversation ? [entry.seq] : [],
    );
  }

  hangUp(): void {
    this.#stop.abort();
  }

  async #listen(stream: AsyncIterable<readonly ServerEvent[]>, greeted: () => void): Promise<void> {
    for await (const batch of stream) {
      this.events.push(...batch);
      greeted();
    }
    this.over = true;
  }
}

/** A deferred answer of something that is in the test's hand. */
export class Gate {
  #open: Promise<void> = Promise.resolve();
  #release = () => {};

  close(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#open = promise;
    this.#release = resolve;
  }

  open(): void {
    this.#release();
  }

  pass(): Promise<void> {
    return this.#open;
  }
}
