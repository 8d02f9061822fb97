/**
 * Errors are data: code → what a client does next. The sentences for people are in `error-sentences.ts`: a page has its own.
 * Services throw {@link TidingsError}; only `trpc.ts` knows the codes of tRPC and HTTP.
 */

/** `never`: don't try again as it is · `later`: back off, then the same call · `reconnect`: open a new connection first. */
export type Retry = 'never' | 'later' | 'reconnect';

type Row = { readonly retry: Retry; readonly http: number };

const row = (http: number, retry: Retry): Row => ({ retry, http });

export const errorTable = {
  'bad-input': row(400, 'never'),
  'too-large': row(413, 'never'),
  'not-signed-in': row(401, 'never'),
  'session-ended': row(401, 'never'),
  'wrong-credentials': row(401, 'never'),
  suspended: row(403, 'never'),
  'reset-invalid': row(403, 'never'),
  'username-taken': row(409, 'never'),
  'weak-password': row(400, 'never'),
  'sign-up-closed': row(403, 'never'),
  'invite-invalid': row(403, 'never'),
  'not-found': row(404, 'never'),
  'not-a-member': row(403, 'never'),
  'not-an-admin': row(403, 'never'),
  'not-allowed': row(403, 'never'),
  'group-full': row(409, 'never'),
  conflict: row(409, 'later'),
  'too-many-requests': row(429, 'later'),
  'outdated-client': row(426, 'never'),
  draining: row(503, 'reconnect'),
  resume: row(503, 'reconnect'),
  'quota-reached': row(413, 'never'),
  'asset-missing': row(409, 'later'),
  'asset-broken': row(422, 'never'),
  'link-expired': row(403, 'later'),
  'key-invalid': row(401, 'never'),
  'out-of-scope': row(403, 'never'),
  'request-differs': row(422, 'never'),
  'wrong-method': row(405, 'never'),
  'storage-full': row(507, 'later'),
  unavailable: row(503, 'later'),
  internal: row(500, 'later'),
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as readonly ErrorCode[];

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorTable, value);

/** The domain's one error class. `message` is for logs; people read its sentence. */
export class TidingsError extends Error {
  readonly code: ErrorCode;
  /** Milliseconds after which trying again makes sense; only with retry `later`. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, detail?: string, options?: { cause?: unknown; retryAfterMs?: number }) {
    super(
      detail ? `${code}: ${detail}` : code,
      options?.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'TidingsError';
    this.code = code;
    this.retryAfterMs = options?.retryAfterMs;
  }

  get retry(): Retry {
    return errorTable[this.code].retry;
  }
}

/** WebSocket close codes (4000–4999 are the application's) and what they mean to the client. */
export const closeCodes = {
  'not-signed-in': 4401,
  'session-ended': 4403,
  'outdated-client': 4426,
  'too-many-requests': 4429,
  draining: 4503,
  resume: 4504,
} as const satisfies Partial<Record<ErrorCode, number>>;

export type CloseReason = keyof typeof closeCodes;

export function closeReasonOf(code: number): CloseReason | null {
  const found = Object.entries(closeCodes).find(([, value]) => value === code);
  return found ? (found[0] as CloseReason) : null;
}
