import type { DeviceId, HandlerId, UserId } from '@tidings/api/ids';

/**
 * Which handlers serve a user now. A hint: it may be stale for as long as a lease, and lost at any time.
 *
 * - Entries of a handler count only while its lease runs; when it ends, all of them are dead at once.
 * - A registration that returned is seen by every `handlersOf` that starts afterwards.
 */
export interface Registry {
  /** Starts or renews the lease for `leaseMs` from now. False when it had run out: then register everybody again. */
  renew(handler: HandlerId, leaseMs: number): Promise<boolean>;
  /** Adds connections; the same (user, device) twice on a handler counts twice and is removed twice. */
  register(handler: HandlerId, connections: readonly Connection[]): Promise<void>;
  unregister(handler: HandlerId, connections: readonly Connection[]): Promise<void>;
  /** The live handlers of each user, in the order asked; `[]` for who is not connected. */
  handlersOf(users: readonly UserId[]): Promise<readonly (readonly HandlerId[])[]>;
  /** Gives the lease and all entries up. */
  leave(handler: HandlerId): Promise<void>;
}

export type Connection = { readonly user: UserId; readonly device: DeviceId };
