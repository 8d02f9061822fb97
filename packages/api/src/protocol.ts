/**
 * The version of the wire. It grows when an old client could misread a new server (or the other way round); additions that
 * old clients skip don't count. `protocol.test.ts` pins a fingerprint of all schemas, so that neither changes by accident.
 */
export const protocolVersion = 1;
/** The oldest client that this server talks to; older ones get `outdated-client`. */
export const oldestProtocolVersion = 1;

/** Paths of the one port. */
export const paths = {
  socket: '/api/socket',
  rpc: '/api/rpc',
  auth: '/api/auth',
  pictures: '/api/pictures',
  /** tus 1.0; `Upload-Metadata` holds `id` and `check` of the asset. */
  uploads: '/api/uploads',
  /** `/api/assets/<id>?…`: a signed link, as `asset.links` gives it. */
  assets: '/api/assets',
  /** For programs: see `public-api.ts`. */
  publicApi: '/api/v1',
  /** The same, described for people. */
  docs: '/api/docs',
  health: '/healthz',
  ready: '/readyz',
  metrics: '/metrics',
} as const;

/** Limits that both sides keep. */
export const limits = {
  /** Largest frame a server takes: a full batch of sends of ordinary size, or one of the largest. */
  frameBytes: 1024 * 1024,
  /** Sends in one call, and ranges in one call. */
  batch: 64,
  /** Entries that one `message.read` answers with, over all its ranges. */
  page: 1_000,
  /** Heartbeat: a client pings when the line was quiet this long, and gives the line up when nothing comes back. */
  pingMs: 15_000,
  pongMs: 5_000,
} as const;
