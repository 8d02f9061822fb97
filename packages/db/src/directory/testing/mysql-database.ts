import { randomUUID } from 'node:crypto';
import { type Connection, createConnection } from 'mariadb';

/** URLs with the right to make databases. */
type Servers = { readonly primary: string; readonly replicas: readonly string[] };

/** An empty database of one test file's own on running servers, gone when it is disposed of. */
export class MysqlDatabase implements AsyncDisposable {
  readonly name: string;
  readonly primary: string;
  readonly replicas: readonly string[];
  readonly #admin: Connection;

  private constructor(servers: Servers, name: string, admin: Connection) {
    this.name = name;
    this.primary = at(servers.primary, name);
    this.replicas = servers.replicas.map((url) => at(url, name));
    this.#admin = admin;
  }

  static async make(servers: Servers): Promise<MysqlDatabase> {
    const admin = await connectTo(servers.primary);
    const name = `tidings_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    await admin.query(`CREATE DATABASE ${name}`);
    return new MysqlDatabase(servers, name, admin);
  }

  /** Runs a statement on the primary, in this database. */
  async query<T = unknown>(sql: string, values: readonly unknown[] = []): Promise<T> {
    await this.#admin.query(`USE ${this.name}`);
    return this.#admin.query<T>(sql, [...values]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#admin.query(`DROP DATABASE ${this.name}`);
    await this.#admin.end();
  }
}

/** A connection to the server that a URL names, whatever database it names. */
export function connectTo(url: string): Promise<Connection> {
  const { hostname, port, username, password } = new URL(url);
  return createConnection({
    host: hostname,
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    multipleStatements: true,
  });
}

function at(url: string, database: string): string {
  const named = new URL(url);
  named.pathname = `/${database}`;
  return named.href;
}
