import { type Connection, type ConnectionConfig, createConnection, createPool, type Pool } from 'mariadb';

export type PoolLimits = {
  /** Connections to one server at most. */
  readonly connections: number;
  /** How long making a connection may take. */
  readonly connectMs: number;
  /** How long a query waits for a connection to be free, or to be made: after that its server counts as down. */
  readonly acquireMs: number;
  /** How long a server may be silent in the middle of a query: after that the connection is given up. */
  readonly silentMs: number;
};

export const defaultLimits: PoolLimits = {
  connections: 10,
  connectMs: 1_000,
  acquireMs: 2_000,
  silentMs: 5_000,
};

/** Connections to one server, made when needed; broken ones are replaced. Whoever asks while it is down gets an error after `acquireMs`. */
export function openPool(url: string, limits: PoolLimits): Pool {
  const pool = createPool({
    ...serverOf(url),
    connectionLimit: limits.connections,
    // One to spare is made ahead. `socketTimeout` ends idle ones too, so more of them would come and go for nothing.
    minimumIdle: 1,
    connectTimeout: limits.connectMs,
    acquireTimeout: limits.acquireMs,
    initializationTimeout: limits.acquireMs,
    socketTimeout: limits.silentMs,
    // Lists of ids have many lengths, each a statement of its own: keeping them prepared would use up the server's room.
    prepareCacheLength: 0,
  });
  // Whoever asked hears of it; without a listener it would end the process.
  pool.on('error' as 'connection', () => {});
  return pool;
}

/** One connection, for migrations: several statements at once, and no limit to how long they take. */
export const connectMysql = (url: string): Promise<Connection> =>
  createConnection({
    ...serverOf(url),
    connectTimeout: defaultLimits.connectMs,
    multipleStatements: true,
  });

export const databaseOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

/**
 * `mysql://user:password@host:port/database`. Parameters: `ssl=true` (with a certificate that a known authority signed) or
 * `ssl=unverified`; `allowPublicKeyRetrieval=true` for MySQL's `caching_sha2_password` without TLS, on a network that is trusted.
 *
 * @throws Error that names what is wrong with the URL, without its password.
 */
function serverOf(url: string): ConnectionConfig {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url);
  if (protocol !== 'mysql:' && protocol !== 'mariadb:')
    throw new Error(`A directory's URL begins with mysql: or mariadb:, not with ${protocol}`);
  const database = databaseOf(url);
  if (!database) throw new Error(`The directory's URL at ${hostname} names no database.`);
  const unknown = [...searchParams.keys()].find((name) => !['ssl', 'allowPublicKeyRetrieval'].includes(name));
  if (unknown)
    throw new Error(`The directory's URL at ${hostname} has a parameter that nobody knows: ${unknown}`);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 3306 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database,
    // Said while connecting, unlike `charset`: a statement that follows may fail, and that is an unhandled rejection in the driver.
    collation: 'utf8mb4_bin',
    ...sslOf(searchParams.get('ssl')),
    allowPublicKeyRetrieval: searchParams.get('allowPublicKeyRetrieval') === 'true',
  };
}

function sslOf(ssl: string | null): Pick<ConnectionConfig, 'ssl'> {
  switch (ssl) {
    case null:
    case 'false':
      return {};
    case 'true':
      return { ssl: true };
    case 'unverified':
      return { ssl: { rejectUnauthorized: false } };
    default:
      throw new Error(`The directory's URL says ssl=${ssl}; it may be true, unverified or false.`);
  }
}
