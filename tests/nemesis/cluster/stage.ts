import { randomBytes } from 'node:crypto';
import type { DeviceId } from '@tidings/api/ids';
import { type NodeSession, newDeviceId, nodeTransport } from '@tidings/client/node';
import type { Transport } from '@tidings/client/transport';
import type { TcpLine } from '@tidings/redis/testing/tcp-line';
import { ClusterProcess } from '@tidings/server/testing/cluster-process';
import type { Place } from '../town.ts';
import { Door } from './door.ts';
import { Member } from './member.ts';
import { NemesisEngines } from './own-engines.ts';

export type StageSize = {
  readonly handlers: number;
  readonly groupHandlers: number;
  readonly cassandraNodes: 1 | 3;
};

/** The whole cluster as real processes on real engines of its own, and a door to it for each device. */
export class Stage implements AsyncDisposable {
  readonly engines: NemesisEngines;
  readonly handlers: Member[] = [];
  readonly groupHandlers: Member[] = [];
  readonly doors = new Map<DeviceId, Door>();
  readonly #environment: Readonly<Record<string, string>>;
  readonly #closers: (() => PromiseLike<void>)[] = [];
  readonly #members: Member[] = [];
  readonly #freeKafkaLines: TcpLine[];
  #web: Member | null = null;
  #devices = 0;
  #started = 0;

  private constructor(engines: NemesisEngines) {
    this.engines = engines;
    this.#freeKafkaLines = [...engines.kafkaLines];
    this.#environment = {
      ...engines.environment,
      SESSION_SECRET: randomBytes(32).toString('base64'),
      ASSET_LINK_SECRET: randomBytes(32).toString('base64'),
      KAFKA_GROUP_PARTITIONS: '4',
      WEB_DIR: 'no-web',
    };
  }

  static async set({ handlers, groupHandlers, cassandraNodes }: StageSize): Promise<Stage> {
    // One more of each comes before another goes.
    const kafkaLines = handlers + 1 + groupHandlers + 1;
    const stage = new Stage(await NemesisEngines.start({ cassandraNodes, kafkaLines }));
    stage.#closers.push(() => stage.engines[Symbol.asyncDispose]());
    try {
      await ClusterProcess.run('migrate', stage.#environment);
      const web = stage.#start('web').then((member) => {
        stage.#web = member;
      });
      await Promise.all([
        web,
        ...times(groupHandlers, () => stage.add('group-handler')),
        ...times(handlers, () => stage.add('handler')),
      ]);
      return stage;
    } catch (error) {
      await stage[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** All that ever were, also those that left. */
  get members(): readonly Member[] {
    return this.#members;
  }

  /** One more. A handler takes its turn at the doors from now on. */
  async add(kind: 'handler' | 'group-handler'): Promise<Member> {
    const member = await this.#start(kind);
    (kind === 'handler' ? this.handlers : this.groupHandlers).push(member);
    return member;
  }

  /** It is let go: at no door any more. */
  dismiss(member: Member): void {
    for (const those of [this.handlers, this.groupHandlers])
      if (those.includes(member)) those.splice(those.indexOf(member), 1);
    const { kafka } = member.lines;
    if (kafka) this.#freeKafkaLines.push(kafka);
  }

  /** What ended by itself gets a successor, as whatever watches over processes would give it one. It was told of already. */
  async revive(): Promise<void> {
    for (const member of [this.#web, ...this.handlers, ...this.groupHandlers])
      if (member && !member.process.isRunning) await member.succeed();
  }

  /** For towns: each device has its own door; who only looks goes straight to a handler. */
  place(): Place {
    return {
      accounts: this.#web?.process.url ?? '',
      transport: (session, device) => this.#throughDoor(session, device),
      witness: ({ cookie }) => ({
        connect: (listener) =>
          nodeTransport(this.#anyHandler().process.url, cookie, newDeviceId()).connect(listener),
      }),
    };
  }

  /** Of all devices there were. */
  async closeDoors(): Promise<void> {
    await Promise.all([...this.doors.values()].map((door) => door[Symbol.asyncDispose]()));
    this.doors.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.closeDoors();
    for (const close of this.#closers.reverse()) await close();
  }

  #anyHandler(): Member {
    const [handler] = this.handlers.filter(({ process, isHit }) => process.isRunning && !isHit);
    return handler ?? (this.handlers[0] as Member);
  }

  #throughDoor(session: NodeSession, device: DeviceId): Transport {
    const opening = Door.open(this.handlers, this.#devices++).then((door) => {
      this.doors.set(device, door);
      return door;
    });
    return {
      connect: async (listener) =>
        nodeTransport((await opening).url, session.cookie, device).connect(listener),
    };
  }

  async #start(kind: 'handler' | 'group-handler' | 'web'): Promise<Member> {
    this.#started += 1;
    // The web process has nothing to do with Kafka.
    const kafka = kind === 'web' ? undefined : this.#freeKafkaLines.pop();
    const member = await Member.start({ kind, number: this.#started, kafka }, this.#environment);
    this.#members.push(member);
    this.#closers.push(() => member[Symbol.asyncDispose]());
    return member;
  }
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
