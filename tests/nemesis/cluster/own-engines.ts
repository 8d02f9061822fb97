import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { TcpLine } from '@tidings/redis/testing/tcp-line';
import { type OwnEngines, startOwn } from '../../support/engines/native.ts';
import { freePort } from '../../support/free-port.ts';

export type EngineProcess =
  | 'cassandra-1'
  | 'cassandra-2'
  | 'kafka'
  | 'redis-coordination'
  | 'redis-cache'
  | 'mariadb-primary'
  | 'mariadb-replica';

/** How each is brought up again: a script of infra/native and what it is told. */
const starting: Readonly<Record<EngineProcess, readonly [script: string, ...args: string[]]>> = {
  'cassandra-1': ['cassandra.sh', 'up', '1'],
  'cassandra-2': ['cassandra.sh', 'up', '2'],
  kafka: ['kafka.sh', 'up'],
  'redis-coordination': ['redis.sh', 'up', 'coordination'],
  'redis-cache': ['redis.sh', 'up', 'cache'],
  'mariadb-primary': ['mariadb.sh', 'up', 'primary'],
  'mariadb-replica': ['mariadb.sh', 'up', 'replica'],
};

/** The real engines of one run, each of which may be killed and started again. */
export class NemesisEngines implements AsyncDisposable {
  readonly #own: OwnEngines;
  /** What the server's processes are told of them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ways to Kafka that can be cut, for one process each: a broker tells its clients where to come, so a line in between is nothing without its help. */
  readonly kafkaLines: TcpLine[];

  private constructor(own: OwnEngines, environment: Record<string, string>, kafkaLines: TcpLine[]) {
    this.#own = own;
    this.environment = environment;
    this.kafkaLines = kafkaLines;
  }

  static async start({
    cassandraNodes,
    kafkaLines,
  }: {
    readonly cassandraNodes: 1 | 3;
    readonly kafkaLines: number;
  }): Promise<NemesisEngines> {
    const doors = await Promise.all(Array.from({ length: kafkaLines }, openKafkaDoor));
    const own = await startOwn({
      CASSANDRA_NODES: String(cassandraNodes),
      CASSANDRA_HEAP: '512m',
      KAFKA_DOORS: doors.map(({ port, line }) => `${port}:${line.port}`).join(' '),
    });
    const settings = (await own.command('app.sh', 'environment')).trim().split('\n');
    const environment = Object.fromEntries(settings.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    return new NemesisEngines(
      own,
      environment,
      doors.map(({ line }) => line),
    );
  }

  /** SIGKILL: nothing is written that wasn't yet. Resolves when it is gone. */
  async kill(name: EngineProcess): Promise<void> {
    const [pid] = (await readFile(`${this.#own.folder}/${name}/pid`, 'utf8')).split(' ');
    process.kill(Number(pid), 'SIGKILL');
    while (await isRunning(Number(pid))) await pause(20);
  }

  /** Resolves when it answers in its own protocol. */
  async startAgain(name: EngineProcess): Promise<void> {
    const [script, ...args] = starting[name];
    await this.#own.command(script, ...args);
  }

  /** One command to the coordinating Redis, that has no quotes in it. */
  async tellRedis(command: string): Promise<void> {
    const { hostname, port } = new URL(this.environment.REDIS_URL as string);
    const socket = connect(Number(port), hostname);
    socket.end(`${command}\r\n`);
    const answer = await text(socket);
    if (!/^[+:]/.test(answer)) throw new Error(`Redis answered ${command} with ${answer}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#own.stop();
    await Promise.all(this.kafkaLines.map((line) => line[Symbol.asyncDispose]()));
  }
}

async function openKafkaDoor(): Promise<{ readonly port: number; readonly line: TcpLine }> {
  const port = await freePort();
  return { port, line: await TcpLine.open(() => ({ host: '127.0.0.1', port })) };
}

/** One that ended and that nobody has buried yet doesn't count. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat !== null && stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
}
