import type { Timestamp, UserId } from '@tidings/api/ids';

/** When each user last did something. Monotone; may be written behind by up to 15 s, and a crash may lose that much. */
export interface LastSeenStore {
  touch(user: UserId, at: Timestamp): Promise<void>;
  /** In the order asked; `null` where never. */
  read(users: readonly UserId[]): Promise<readonly (Timestamp | null)[]>;
}
