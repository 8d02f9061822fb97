import { randomBytes } from 'node:crypto';
import { Client, policies, types } from 'cassandra-driver';
import pLimit from 'p-limit';
import { toDomainError } from './errors.ts';

const { localQuorum, localSerial } = types.consistencies;

export type CassandraOptions = {
  /** `host` or `host:port`, each, of one port; a few are enough, the others are learnt from them. */
  readonly contactPoints: readonly string[];
  /** The one data centre that all processes of a deployment write to: quorums are counted in it. */
  readonly localDataCenter: string;
  /** `[a-z][a-z0-9_]*`, at most 48 characters. */
  readonly keyspace: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  /** How long one try of a request may take. 5,000 when left out. */
  readonly requestTimeoutMs?: number;
  /** Requests under way at once, other than conditional writes; further ones wait here instead of drowning the nodes. 64 when left out. */
  readonly maxInFlight?: number;
  /** Conditional writes under way at once. 256 when left out. */
  readonly maxDecisions?: number;
};

export type Row = types.Row;
export type Statement = { readonly query: string; readonly params: readonly unknown[] };
/** The outcome of conditional statements; `rows` are the ones that stood against them. */
export type Decision =
  | { readonly applied: true }
  | { readonly applied: false; readonly rows: readonly Row[] };

type Lane = ReturnType<typeof pLimit>;

/** How often a request is tried whose outcome stays unknown or that nobody could take. */
const maxTries = 3;
const speculateAfterMs = 250;
const reconnectMs = 1_000;
const defaultPageRows = 1_000;

/**
 * The one way to Cassandra: prepared statements at LOCAL_QUORUM and LOCAL_SERIAL, a bound on what is under way, and typed
 * errors (see `errors.ts`). Everything that goes through here may be done twice: reads by nature; plain writes because their
 * timestamps come with them or because they always write the same; conditional ones because they compare something that only
 * their own caller could have written. So what timed out is simply tried again, and only reads are also tried at a second
 * node before the first has answered.
 */
export class CassandraSession {
  readonly #client: Client;
  /** What people wait for with a message in their hands never queues behind what thousands of devices read after a restart. */
  readonly #decisions: Lane;
  readonly #others: Lane;

  private constructor(client: Client, { maxDecisions = 256, maxInFlight = 64 }: CassandraOptions) {
    this.#client = client;
    this.#decisions = pLimit(maxDecisions);
    this.#others = pLimit(maxInFlight);
  }

  /** Rejects with `unavailable` when no node answers, with `internal` when the keyspace isn't there. */
  static async open(options: CassandraOptions): Promise<CassandraSession> {
    const client = makeClient(options, options.keyspace);
    try {
      await client.connect();
    } catch (error) {
      await client.shutdown();
      throw toDomainError(error);
    }
    return new CassandraSession(client, options);
  }

  /** The rows of a query that bounds their number itself. */
  async read(query: string, params: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.#page({ query, params }, { fetchSize: defaultPageRows })).rows;
  }

  /** All rows, fetched `pageRows` at a time as they are asked for: stop asking when there are enough. */
  async *rows(query: string, params: readonly unknown[], pageRows = defaultPageRows): AsyncGenerator<Row> {
    let pageState: string | undefined;
    do {
      const page = await this.#page(
        { query, params },
        { fetchSize: pageRows, ...(pageState && { pageState }) },
      );
      yield* page.rows;
      pageState = page.pageState ?? undefined;
    } while (pageState);
  }

  /** Plain writes, in one unlogged batch when there are several: those of one partition take effect together. */
  async write(statements: readonly Statement[]): Promise<void> {
    if (statements.length > 0)
      await this.#tried(this.#others, () => this.#send(statements, { logged: false }));
  }

  /**
   * Conditional writes on one partition, all or none. A try whose outcome is unknown is followed by the same one again, so
   * that the row it meets may be its own: whoever asks must be able to tell.
   */
  async decide(statements: readonly Statement[]): Promise<Decision> {
    const result = await this.#tried(this.#decisions, () => this.#send(statements, {}));
    return result.wasApplied() ? { applied: true } : { applied: false, rows: result.rows };
  }

  async stop(): Promise<void> {
    await this.#client.shutdown();
  }

  #page(
    { query, params }: Statement,
    options: { readonly fetchSize: number; readonly pageState?: string },
  ): Promise<types.ResultSet> {
    return this.#tried(this.#others, () =>
      this.#client.execute(query, params as unknown[], { ...options, prepare: true, isIdempotent: true }),
    );
  }

  #send(statements: readonly Statement[], options: { readonly logged?: false }): Promise<types.ResultSet> {
    const [first] = statements as [Statement];
    if (statements.length === 1)
      return this.#client.execute(first.query, first.params as unknown[], { prepare: true });
    const queries = statements.map(({ query, params }) => ({ query, params: params as unknown[] }));
    return this.#client.batch(queries, { ...options, prepare: true });
  }

  async #tried<T>(lane: Lane, task: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await lane(task);
      } catch (error) {
        const failure = toDomainError(error);
        if (failure.code !== 'unavailable' || tries >= maxTries) throw failure;
      }
    }
  }
}

/** Without a keyspace for those who make it. */
export function makeClient(options: CassandraOptions, keyspace?: string): Client {
  const { contactPoints, localDataCenter, credentials, requestTimeoutMs = 5_000 } = options;
  return new Client({
    contactPoints: [...contactPoints],
    localDataCenter,
    // The nodes tell each other's addresses without ports.
    protocolOptions: { port: portOf(contactPoints) },
    ...(keyspace && { keyspace }),
    ...(credentials && { credentials }),
    queryOptions: { consistency: localQuorum, serialConsistency: localSerial },
    socketOptions: { connectTimeout: 5_000, readTimeout: requestTimeoutMs },
    // By default it waits for up to ten minutes after a long outage.
    policies: {
      reconnection: new policies.reconnection.ConstantReconnectionPolicy(reconnectMs),
      speculativeExecution: new policies.speculativeExecution.ConstantSpeculativeExecutionPolicy(
        speculateAfterMs,
        1,
      ),
    },
    pooling: { coreConnectionsPerHost: { [types.distance.local]: 2 }, warmup: true },
  });
}

const portOf = ([first = '']: readonly string[]): number => Number(/:(\d+)$/.exec(first)?.[1] ?? 9_042);

/** A mark that a conditional write leaves in the row, so that whoever tries it again knows their own. */
export const newAttempt = (): Buffer => randomBytes(8);
