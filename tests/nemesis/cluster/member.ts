import { TcpLine } from '@tidings/redis/testing/tcp-line';
import { ClusterProcess } from '@tidings/server/testing/cluster-process';

export type Lined = 'cassandra' | 'redis' | 'mysql';
type Environment = Readonly<Record<string, string>>;
type Kind = 'handler' | 'group-handler' | 'web';

/** A process of the cluster, with lines of its own to the engines that can be cut, and a successor when it has ended. */
export class Member implements AsyncDisposable {
  readonly name: string;
  readonly lines: Readonly<Partial<Record<Lined, TcpLine>>>;
  readonly #kind: Kind;
  readonly #environment: Environment;
  #process: ClusterProcess;
  /** Of this process it is known that it ends, or stands still. */
  isHit = false;
  readonly #before: ClusterProcess[] = [];

  private constructor(
    name: string,
    kind: Kind,
    environment: Environment,
    lines: Member['lines'],
    process: ClusterProcess,
  ) {
    this.name = name;
    this.#kind = kind;
    this.#environment = environment;
    this.lines = lines;
    this.#process = process;
  }

  static async start(kind: Kind, number: number, environment: Environment): Promise<Member> {
    const { lines, settings } = await linesOf(environment);
    const own = { ...environment, ...settings };
    return new Member(`${kind}-${number}`, kind, own, lines, await ClusterProcess.start(kind, own));
  }

  get process(): ClusterProcess {
    return this.#process;
  }

  get address(): { host: string; port: number } {
    const { hostname, port } = new URL(this.#process.url);
    return { host: hostname, port: Number(port) };
  }

  /** Another process in its place, as whatever watches over processes would start it. */
  async succeed(): Promise<void> {
    const successor = await ClusterProcess.start(this.#kind, this.#environment);
    this.#before.push(this.#process);
    this.#process = successor;
    this.isHit = false;
  }

  /** Logged by it, and by those before it, as the end of everything. */
  lastWords(): readonly string[] {
    const logs = [...this.#before, this.#process].flatMap((each) => each.log());
    const words = logs.filter(({ level }) => level >= 60).map((line) => JSON.stringify(line));
    return this.#process.isRunning || this.isHit ? words : [...words, `${this.name} ended by itself`];
  }

  /** What it, and those before it, logged as an error, and how often. */
  complaints(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const each of [...this.#before, this.#process])
      for (const { level, msg } of each.log()) if (level >= 50) counts.set(msg, (counts.get(msg) ?? 0) + 1);
    return counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await Promise.all(Object.values(this.lines).map((line) => line[Symbol.asyncDispose]()));
  }
}

/** Several nodes of Cassandra know each other's addresses and tell them, so that nothing between is gone through. */
async function linesOf(environment: Environment): Promise<{ lines: Member['lines']; settings: Environment }> {
  const to = (url: string) => {
    const { hostname: host, port } = new URL(url);
    return TcpLine.open(() => ({ host, port: Number(port) }));
  };
  const through = (url: string, { port }: TcpLine) => {
    const address = new URL(url);
    address.host = `127.0.0.1:${port}`;
    return address.href;
  };
  const { REDIS_URL = '', DATABASE_URL = '', CASSANDRA_CONTACT_POINTS = '' } = environment;
  const redis = await to(REDIS_URL);
  const mysql = await to(DATABASE_URL);
  const settings = { REDIS_URL: through(REDIS_URL, redis), DATABASE_URL: through(DATABASE_URL, mysql) };
  if (CASSANDRA_CONTACT_POINTS.includes(',')) return { lines: { redis, mysql }, settings };
  const cassandra = await to(`tcp://${CASSANDRA_CONTACT_POINTS}`);
  return {
    lines: { redis, mysql, cassandra },
    settings: { ...settings, CASSANDRA_CONTACT_POINTS: `127.0.0.1:${cassandra.port}` },
  };
}
