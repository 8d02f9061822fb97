import type { AccountItem } from '@tidings/api/account';
import type { Seq, UserId } from '@tidings/api/ids';

/**
 * The fold of each user's account log up to some position: a cache of the log, which is the truth. Anyone may bring it
 * forward at any time, also twice and concurrently: of two puts of a key the one with the higher seq stays.
 */
export interface AccountStateStore {
  /** The position of the fold and up to `limit` items with keys above `after` (ascending by key); removed keys are absent. */
  read(user: UserId, after: string, limit: number): Promise<AccountFold>;
  /** Applies puts and then moves the fold's position to `through` (never back). */
  apply(user: UserId, puts: readonly AccountPut[], through: Seq): Promise<void>;
}

export type AccountFold = { readonly seq: Seq; readonly items: readonly AccountItem[] };
/** `value` null removes the key. */
export type AccountPut = AccountItem & { readonly seq: Seq };
