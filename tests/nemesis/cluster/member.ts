import { TcpLine } from '@tidings/redis/testing/tcp-line';
import { ClusterProcess } from '@tidings/server/testing/cluster-process';

export const lined = ['cassandra', 'redis', 'redis-cache', 'mysql', 'mysql-replica', 'kafka'] as const;
export type Lined = (typeof lined)[number];
const mostStarts = 5;

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

  /** `kafka` is its line to Kafka, if it has one of its own; whoever gave it closes it. */
  static async start(
    {
      kind,
      number,
      kafka,
    }: { readonly kind: Kind; readonly number: number; readonly kafka?: TcpLine | undefined },
    environment: Environment,
  ): Promise<Member> {
    const { lines, settings } = await linesOf(environment, kafka);
    const own = { ...environment, ...settings };
    return new Member(`${kind}-${number}`, kind, own, lines, await started(kind, own));
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
    const successor = await started(this.#kind, this.#environment);
    this.#before.push(this.#process);
    this.#process = successor;
    this.isHit = false;
  }

  /** Logged by it, and by those before it, as the end of everything. */
  lastWords(): readonly string[] {
    const logs = [...this.#before, this.#process].flatMap((each) => each.log());
    const words = logs.filter(({ level }) => level >= 60).map((line) => JSON.stringify(line));
    const { isRunning, ending } = this.#process;
    return isRunning || this.isHit ? words : [...words, `${this.name} ended by itself: ${ending}`];
  }

  /** What it, and those before it, logged as an error, and how often. */
  complaints(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const line of [...this.#before, this.#process].flatMap((each) => each.log())) {
      if (line.level < 50) continue;
      const { message } = (line.err ?? {}) as { readonly message?: string };
      const words = message === undefined ? line.msg : `${line.msg}: ${message.split('\n', 1)[0]}`;
      counts.set(words, (counts.get(words) ?? 0) + 1);
    }
    return counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    const { kafka, ...own } = this.lines;
    await Promise.all(Object.values(own).map((line) => line[Symbol.asyncDispose]()));
  }
}

/** Whatever watches over processes tries again when one ends before it is ready: on a busy machine an engine may answer too late. */
async function started(kind: Kind, environment: Environment): Promise<ClusterProcess> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ClusterProcess.start(kind, environment);
    } catch (error) {
      if (tries === mostStarts) throw error;
    }
  }
}

/** Several nodes of Cassandra know each other's addresses and tell them, so that nothing between is gone through. */
async function linesOf(
  environment: Environment,
  kafka: TcpLine | undefined,
): Promise<{ lines: Member['lines']; settings: Environment }> {
  const lines: Partial<Record<Lined, TcpLine>> = kafka ? { kafka } : {};
  const settings: Record<string, string> = kafka ? { KAFKA_BROKERS: `127.0.0.1:${kafka.port}` } : {};
  for (const [engine, setting] of Object.entries(urlSettings) as [Lined, string][]) {
    const url = new URL(environment[setting] as string);
    lines[engine] = await lineTo(url);
    url.host = `127.0.0.1:${lines[engine].port}`;
    settings[setting] = url.href;
  }
  const nodes = environment.CASSANDRA_CONTACT_POINTS?.split(',') ?? [];
  if (nodes.length === 1) {
    lines.cassandra = await lineTo(new URL(`tcp://${nodes[0]}`));
    settings.CASSANDRA_CONTACT_POINTS = `127.0.0.1:${lines.cassandra.port}`;
  }
  return { lines, settings };
}

const urlSettings = {
  redis: 'REDIS_URL',
  'redis-cache': 'REDIS_CACHE_URL',
  mysql: 'DATABASE_URL',
  'mysql-replica': 'DATABASE_REPLICA_URLS',
} as const;

const lineTo = ({ hostname: host, port }: URL): Promise<TcpLine> =>
  TcpLine.open(() => ({ host, port: Number(port) }));
