import { handlerId } from '@tidings/api/ids';
import { MemoryChannel } from '@tidings/bus/channel/memory';
import type { Channel } from '@tidings/bus/channel/port';
import { MemoryLog } from '@tidings/bus/log/memory';
import type { Log, LogRecord } from '@tidings/bus/log/port';
import { MemoryRegistry } from '@tidings/bus/registry/memory';
import type { Registry } from '@tidings/bus/registry/port';
import { MemorySequencer } from '@tidings/bus/sequencer/memory';
import { openSqliteStoresInProcess, type SqliteStores } from '@tidings/db/sqlite/stores';
import type { Envelope } from '@tidings/server/services/envelope';
import type { GroupNotice, Ports } from '@tidings/server/services/parts';
import { faulty, forgetfulSequencer, lossyChannel, lossyLog, type Weather } from './faults.ts';
import { SimHandler } from './handler.ts';
import { MemoryBots } from './memory-bots.ts';
import { MemoryConversations } from './memory-conversations.ts';
import { MemoryInvites, MemorySessions, MemoryUsers } from './memory-people.ts';
import { noAdministration } from './no-administration.ts';
import { noAssets } from './no-assets.ts';
import type { SimProcess } from './process.ts';
import type { SeededRandom } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Witness } from './witness.ts';

export type ClusterParts = {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly weather: Weather;
  readonly witness: Witness;
  /** More than one handler at a time works on the stores. */
  readonly shared: boolean;
};

/** The stores and queues of a world, which never die, and the handlers on them, which do. */
export class Cluster {
  readonly users = new MemoryUsers();
  readonly conversations = new MemoryConversations();
  readonly sessions: MemorySessions;
  readonly stores: SqliteStores;
  readonly #parts: ClusterParts;
  /** Ports that need no more than weather and a living process between. */
  readonly #stores: StorePorts;
  readonly #channel: Channel<Envelope>;
  readonly #log: Log<GroupNotice>;
  #registry: Registry;
  #handlers: readonly SimHandler[] = [];
  #started = 0;

  constructor(parts: ClusterParts) {
    const { clock, weather, witness } = parts;
    this.#parts = parts;
    this.sessions = new MemorySessions(clock.now);
    this.stores = openSqliteStoresInProcess(':memory:', clock);
    this.#registry = new MemoryRegistry(clock);
    this.#channel = lossyChannel(new MemoryChannel<Envelope>(clock), weather);
    this.#log = lossyLog(new MemoryLog<GroupNotice>(clock), weather);
    this.#stores = {
      messages: this.stores.messages,
      watermarks: witness.watching(this.stores.watermarks),
      accountStates: this.stores.accountStates,
      lastSeen: this.stores.lastSeen,
      users: this.users,
      sessions: this.sessions,
      conversations: this.conversations,
      invites: new MemoryInvites(),
      bots: new MemoryBots(this.users),
      ...noAdministration,
      pictures: noPictures,
      sequencer: forgetfulSequencer(() => new MemorySequencer(), weather),
      registry: this.#presentRegistry(),
    };
  }

  get handlers(): readonly SimHandler[] {
    return this.#handlers;
  }

  /** A handler with an id that never was before. When the stores are down, it comes up later. */
  startHandler(): void {
    const { clock, shared } = this.#parts;
    const handler = new SimHandler(clock);
    const id = handlerId(`handler-${++this.#started}`);
    this.#handlers = [...this.#handlers, handler];
    handler.process.onDeath(() => {
      this.#handlers = this.#handlers.filter((other) => other !== handler);
    });
    void handler
      .start(this.#portsOf(handler.process), { handlerId: id, shared, retention: 'keep', assets })
      .then((isUp) => {
        if (!isUp) clock.after(300, () => this.startHandler());
      });
  }

  /** All leases and entries are gone, as after a FLUSHALL. */
  loseRegistry(): void {
    this.#registry = new MemoryRegistry(this.#parts.clock);
  }

  #presentRegistry(): Registry {
    return {
      renew: (...all) => this.#registry.renew(...all),
      register: (...all) => this.#registry.register(...all),
      unregister: (...all) => this.#registry.unregister(...all),
      handlersOf: (...all) => this.#registry.handlersOf(...all),
      leave: (...all) => this.#registry.leave(...all),
    };
  }

  #portsOf(process: SimProcess): Ports {
    const { clock, random, weather } = this.#parts;
    const stores = Object.entries(this.#stores).map(([name, port]) => [
      name,
      process.port(faulty(port, weather)),
    ]);
    return {
      ...noAssets,
      ...(Object.fromEntries(stores) as StorePorts),
      clock: process.clock(clock),
      random: random.next,
      makeId: random.makeId,
      logger: silent,
      channel: heardWhileAlive(this.#channel, process),
      groupLog: consumedWhileAlive(this.#log, process, weather),
    };
  }
}

type StorePorts = Omit<
  Ports,
  'clock' | 'random' | 'makeId' | 'logger' | 'channel' | 'groupLog' | keyof typeof noAssets
>;

/** A dead process neither speaks nor hears. */
function heardWhileAlive<T>(channel: Channel<T>, process: SimProcess): Channel<T> {
  return {
    send: (to, envelope) => {
      if (process.alive) channel.send(to, envelope);
    },
    listen: (handler, take) =>
      process.while(channel.listen(handler, (envelopes) => process.alive && take(envelopes))),
    dropped: () => channel.dropped(),
  };
}

/** A consumer that dies leaves its group, and what it had in hand goes to another. */
function consumedWhileAlive<T>(log: Log<T>, process: SimProcess, weather: Weather): Log<T> {
  const death = new Promise<never>((_, reject) =>
    process.onDeath(() => reject(new Error('the consumer died'))),
  );
  death.catch(() => {});
  const { produce } = process.port(faulty(log, weather));
  return {
    produce,
    consume: async (topic, group, handle) => {
      const leave = await log.consume(topic, group, (records: readonly LogRecord<T>[]) =>
        Promise.race([handle(records), death]),
      );
      process.onDeath(() => void leave());
      return leave;
    },
  };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const assets = { largest: 0, quota: 0, linkSecret: 'nobody sends files' };
const noPictures = { put: () => Promise.reject(new Error('no pictures here')), get: async () => null };
