import { join } from 'node:path';
import { systemClock } from '@tidings/api/clock';
import type { Entry } from '@tidings/api/entry';
import { type ConversationId, type DeviceId, seq } from '@tidings/api/ids';
import type { Engine } from '@tidings/client/engine-port';
import { connectNode, newDeviceId } from '@tidings/client/node';
import { openEmbeddedDirectory } from '@tidings/db/directory/embedded';
import { openSqliteStores } from '@tidings/db/sqlite/stores';
import { type Citizen, Town } from '../../bench/town.ts';
import type { History, MemberSpan } from '../invariants/history.ts';
import { conversationView } from '../simulation/view.ts';
import { ServerProcess } from '../support/server-process.ts';
import { RecordingStore } from './recording-store.ts';

type Resident = {
  readonly citizen: Citizen;
  readonly device: DeviceId;
  readonly store: RecordingStore;
  readonly engine: Engine;
};

/** A real server process and devices that chat with it over real sockets: in pairs and in a group, two of them the same person's. */
export class City implements AsyncDisposable {
  readonly residents: readonly Resident[];
  readonly conversations: ReadonlyMap<Citizen, readonly ConversationId[]>;
  readonly #town: Town;
  #server: ServerProcess;

  private constructor(
    town: Town,
    server: ServerProcess,
    residents: readonly Resident[],
    conversations: City['conversations'],
  ) {
    this.#town = town;
    this.#server = server;
    this.residents = residents;
    this.conversations = conversations;
  }

  static async found(people: number): Promise<City> {
    const town = await Town.found();
    const citizens = await town.people(people);
    const group = await town.group('Everybody', citizens);
    const conversations = new Map<Citizen, ConversationId[]>(citizens.map((citizen) => [citizen, [group]]));
    for (let at = 0; at + 1 < people; at += 2) {
      const [ann, ben] = [citizens[at] as Citizen, citizens[at + 1] as Citizen];
      const direct = await town.direct(ann, ben);
      for (const one of [ann, ben]) conversations.get(one)?.push(direct);
    }
    await town.close();
    const server = await ServerProcess.start(town.dataDir);
    // The first person has two devices.
    const residents = [citizens[0] as Citizen, ...citizens].map((citizen) => settle(server.url, citizen));
    return new City(town, server, residents, conversations);
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    await this.#server.kill(signal);
  }

  async startAgain(): Promise<void> {
    this.#server = await ServerProcess.start(this.#town.dataDir, { PORT: new URL(this.#server.url).port });
  }

  /** True when nobody waits to send and everybody holds and has acknowledged all there is. */
  async isAtRest(): Promise<boolean> {
    const heads = new Map<ConversationId, number>();
    const states = await Promise.all(
      this.residents.map(async ({ store }) => ({
        outbox: await store.outbox(),
        conversations: await store.conversations(),
      })),
    );
    for (const { conversations } of states)
      for (const { conversationId, head } of conversations)
        heads.set(conversationId, Math.max(head, heads.get(conversationId) ?? 0));
    return states.every(
      ({ outbox, conversations }) =>
        outbox.length === 0 &&
        conversations.every(({ conversationId, ranges, delivered }) => {
          const head = heads.get(conversationId) ?? 0;
          return delivered === head && (head === 0 || ranges.at(-1)?.last === head);
        }),
    );
  }

  /** Ends the server and looks at what is on disk, and at what every device shows. */
  async history(): Promise<History> {
    await this.#server.kill('SIGTERM');
    const [logs, spans] = await Promise.all([this.#logs(), this.#spans()]);
    const views = await Promise.all(
      this.residents.map(async ({ citizen, device, store }) => {
        const rows = await store.conversations();
        return {
          user: citizen.userId,
          device,
          conversations: await Promise.all(rows.map((row) => conversationView(store, row, []))),
        };
      }),
    );
    const all = <T>(of: (store: RecordingStore) => readonly T[]): T[] =>
      this.residents.flatMap(({ store }) => of(store));
    return {
      sends: all((store) => store.sends),
      acknowledgements: all((store) => store.acknowledgements),
      marks: all((store) => store.marks),
      logs,
      spans,
      views,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.residents.map(({ engine }) => engine.stop()));
    await this.#server.kill('SIGKILL');
    await this.#town[Symbol.asyncDispose]();
  }

  async #logs(): Promise<Map<ConversationId, readonly Entry[]>> {
    const stores = await openSqliteStores(join(this.#town.dataDir, 'tidings.db'), systemClock);
    const ids = [...new Set([...this.conversations.values()].flat())];
    const logs = await stores.messages.read(
      ids.map((conversation) => ({
        conversation,
        first: seq(1),
        last: seq(1_000_000),
        from: 'oldest' as const,
        limit: 1_000_000,
      })),
    );
    await stores.stop();
    return new Map(ids.map((id, index) => [id, logs[index] ?? []]));
  }

  async #spans(): Promise<MemberSpan[]> {
    const directory = await openEmbeddedDirectory(join(this.#town.dataDir, 'directory.db'));
    const records = await directory.conversations.conversations([
      ...new Set([...this.conversations.values()].flat()),
    ]);
    await directory.close();
    return records.flatMap(({ id, members }) =>
      members.map(({ userId, joinedSeq, removedSeq }) => ({
        conversationId: id,
        user: userId,
        joinedSeq,
        removedSeq,
      })),
    );
  }
}

function settle(url: string, citizen: Citizen): Resident {
  const device = newDeviceId();
  const store = new RecordingStore(citizen.userId, device);
  return { citizen, device, store, engine: connectNode({ url, session: citizen, deviceId: device, store }) };
}
