import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { type OwnEngines, startOwn } from '../../support/engines/native.ts';

export type EngineProcess =
  | 'cassandra-1'
  | 'cassandra-2'
  | 'kafka'
  | 'redis-coordination'
  | 'mariadb-primary';

/** How each is brought up again: a script of infra/native and what it is told. */
const starting: Readonly<Record<EngineProcess, readonly [script: string, ...args: string[]]>> = {
  'cassandra-1': ['cassandra.sh', 'up', '1'],
  'cassandra-2': ['cassandra.sh', 'up', '2'],
  kafka: ['kafka.sh', 'up'],
  'redis-coordination': ['redis.sh', 'up', 'coordination'],
  'mariadb-primary': ['mariadb.sh', 'up', 'primary'],
};

/** The real engines of one run, each of which may be killed and started again. */
export class NemesisEngines implements AsyncDisposable {
  readonly #own: OwnEngines;
  readonly cassandraNodes: number;
  /** What the server's processes are told of them. */
  readonly environment: Readonly<Record<string, string>>;

  private constructor(own: OwnEngines, cassandraNodes: number, environment: Record<string, string>) {
    this.#own = own;
    this.cassandraNodes = cassandraNodes;
    this.environment = environment;
  }

  static async start(cassandraNodes: 1 | 3): Promise<NemesisEngines> {
    const own = await startOwn({ CASSANDRA_NODES: String(cassandraNodes), CASSANDRA_HEAP: '512m' });
    const lines = (await own.command('app.sh', 'environment')).trim().split('\n');
    const environment = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    return new NemesisEngines(own, cassandraNodes, environment);
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

  /** The coordinating Redis forgets everything. */
  async flush(): Promise<void> {
    const { hostname, port } = new URL(this.environment.REDIS_URL as string);
    const socket = connect(Number(port), hostname);
    socket.end('FLUSHALL\r\n');
    const answer = await text(socket);
    if (!answer.startsWith('+OK')) throw new Error(`Redis answered FLUSHALL with ${answer}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#own.stop();
  }
}

/** One that ended and that nobody has buried yet doesn't count. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat !== null && stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
}
