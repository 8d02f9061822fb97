import { secureId, systemClock } from '@tidings/api/clock';
import { deviceId, sessionId, type UserId, userId } from '@tidings/api/ids';
import { createCaller } from '@tidings/api/router';
import type { Caller } from '@tidings/api/trpc';
import { MemoryChannel } from '@tidings/bus/channel/memory';
import { MemoryLocks } from '@tidings/bus/lock/memory';
import { MemoryLog } from '@tidings/bus/log/memory';
import { MemoryRegistry } from '@tidings/bus/registry/memory';
import { MemorySequencer } from '@tidings/bus/sequencer/memory';
import { MemoryBlobs } from '@tidings/db/blob-store/memory';
import type { Directory } from '@tidings/db/directory/directory';
import { openEmbeddedDirectory } from '@tidings/db/directory/embedded';
import { openSqliteStoresInProcess, type SqliteStores } from '@tidings/db/sqlite/stores';
import { createServer, type TidingsServer } from '../create-server.ts';
import type { Ports } from '../services/parts.ts';

export type Api = ReturnType<typeof createCaller>;
export type Person = { readonly caller: Caller; readonly api: Api };

/** The services on the embedded profile's adapters, in memory. `wrap` puts faults between. */
export class TestServices implements AsyncDisposable {
  readonly directory: Directory;
  readonly ports: Ports;
  readonly #stores: SqliteStores;
  #server: TidingsServer | null = null;

  private constructor(directory: Directory, stores: SqliteStores, wrap: (ports: Ports) => Ports) {
    this.directory = directory;
    this.#stores = stores;
    const { users, sessions, conversations, invites, bots } = directory;
    const { assets, assetReferences, assetSweep, uploads } = directory;
    const { messages, watermarks, accountStates, lastSeen } = stores;
    const clock = systemClock;
    const silent = () => {};
    this.ports = wrap({
      clock,
      random: Math.random,
      makeId: secureId,
      logger: { debug: silent, info: silent, warn: silent, error: silent },
      ...{ users, sessions, conversations, invites, bots, messages, watermarks, accountStates, lastSeen },
      pictures: { put: () => Promise.reject(new Error('no pictures')), get: async () => null },
      ...{ assets, assetReferences, assetSweep, uploads },
      blobs: new MemoryBlobs(),
      locks: new MemoryLocks(clock),
      registry: new MemoryRegistry(clock),
      channel: new MemoryChannel(clock),
      groupLog: new MemoryLog(clock),
      sequencer: new MemorySequencer(),
    });
  }

  static async start(wrap: (ports: Ports) => Ports = (ports) => ports): Promise<TestServices> {
    const directory = await openEmbeddedDirectory(':memory:');
    const test = new TestServices(directory, openSqliteStoresInProcess(':memory:', systemClock), wrap);
    await test.restart();
    return test;
  }

  get server(): TidingsServer {
    return this.#server as TidingsServer;
  }

  /** A new process on the same stores. People's `api` from before speak to the old one. */
  async restart(): Promise<void> {
    await this.#server?.stop();
    this.#server = await createServer(this.ports, {
      retention: 'keep',
      shared: false,
      assets: { largest: 2 ** 31, quota: 0, linkSecret: 'a secret of these tests' },
    });
  }

  /** Somebody with this username; their session is a row as well. */
  async person(username: string, displayName = username): Promise<Person> {
    const id = idOf(username);
    const { client } = this.directory;
    await client.user.create({
      data: {
        id,
        name: displayName,
        username,
        displayUsername: username,
        email: `${username}@users.invalid`,
      },
    });
    const caller = await this.session(username);
    return { caller, api: this.api(caller) };
  }

  /** One more device of theirs. */
  async session(username: string): Promise<Caller> {
    const id = sessionId(secureId());
    const caller: Caller = {
      userId: idOf(username),
      sessionId: id,
      deviceId: deviceId(secureId()),
    };
    const expiresAt = new Date(Date.now() + 3_600_000);
    const { userId: user, deviceId: device } = caller;
    await this.directory.client.session.create({
      data: { id, token: secureId(), userId: user, deviceId: device, expiresAt },
    });
    return caller;
  }

  api(caller: Caller): Api {
    return createCaller({ services: this.server.services, caller });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
    await this.#stores.stop();
    await this.directory.close();
  }
}

const idOf = (username: string): UserId => userId(`user-${username.replaceAll('.', '-')}`);
