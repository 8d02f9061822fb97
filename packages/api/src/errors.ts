/**
 * Errors are data: code → the sentence for people → what a client does next.
 * Services throw {@link TidingsError}; only `trpc.ts` knows the codes of tRPC and HTTP.
 */

/** `never`: don't try again as it is · `later`: back off, then the same call · `reconnect`: open a new connection first. */
export type Retry = 'never' | 'later' | 'reconnect';

type Row = { readonly sentence: string; readonly retry: Retry; readonly http: number };

const row = (http: number, retry: Retry, sentence: string): Row => ({ sentence, retry, http });

export const errorTable = {
  'bad-input': row(400, 'never', 'That request is not of the expected form.'),
  'too-large': row(413, 'never', 'That is too large to send.'),
  'not-signed-in': row(401, 'never', 'Please sign in.'),
  'session-ended': row(401, 'never', 'This session has ended. Please sign in again.'),
  'wrong-credentials': row(401, 'never', 'The username or password is wrong.'),
  'username-taken': row(409, 'never', 'That username is taken.'),
  'weak-password': row(400, 'never', 'Choose a password of at least 8 characters.'),
  'sign-up-closed': row(403, 'never', 'Sign-up needs an invitation here.'),
  'invite-invalid': row(403, 'never', 'This invitation is not valid any more.'),
  'not-found': row(404, 'never', 'There is no such thing, or you may not see it.'),
  'not-a-member': row(403, 'never', 'You are not a member of this conversation.'),
  'not-an-admin': row(403, 'never', 'Only an admin of the group may do that.'),
  'not-allowed': row(403, 'never', 'You may not do that.'),
  'group-full': row(409, 'never', 'The group is full.'),
  conflict: row(409, 'later', 'Somebody changed this at the same moment. Please try again.'),
  'too-many-requests': row(429, 'later', 'Too many attempts. Please wait a moment.'),
  'outdated-client': row(426, 'never', 'A new version is there. Please reload.'),
  draining: row(503, 'reconnect', 'The server is restarting. Reconnecting.'),
  resume: row(503, 'reconnect', 'The connection fell behind. Reconnecting.'),
  'quota-reached': row(
    413,
    'never',
    'Your space on this server is used up. Delete some files that you sent.',
  ),
  'asset-missing': row(409, 'later', 'The server does not have this file yet. It is sent again.'),
  'asset-broken': row(422, 'never', 'The file arrived damaged. Ask for it again.'),
  'link-expired': row(403, 'later', 'This link is not valid any more.'),
  'storage-full': row(507, 'later', 'The server has no room left. Your message is kept and sent later.'),
  unavailable: row(503, 'later', 'A part of the service is down. Trying again.'),
  internal: row(500, 'later', 'Something went wrong on the server.'),
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as readonly ErrorCode[];

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorTable, value);

/** The domain's one error class. `message` is for logs; people read the table's sentence. */
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
