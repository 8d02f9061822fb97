import type { Clock, MakeId } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { Invite, InviteApi } from '@tidings/api/invite';
import type { Caller } from '@tidings/api/trpc';
import type { InviteRecord } from '@tidings/db/directory/port';
import type { Ports } from './parts.ts';

const validMs = 7 * 24 * 3_600_000;
const maxOpen = 20;

/** Links that let somebody sign up where sign-up is closed. Their use is counted by sign-up itself (SESS4). */
export class InviteService implements InviteApi {
  readonly #invites: Ports['invites'];
  readonly #clock: Clock;
  readonly #makeId: MakeId;

  constructor(ports: Pick<Ports, 'invites' | 'clock' | 'makeId'>) {
    this.#invites = ports.invites;
    this.#clock = ports.clock;
    this.#makeId = ports.makeId;
  }

  async create(caller: Caller, uses: number): Promise<Invite> {
    const now = this.#clock.now();
    const open = await this.#invites.ofUser(caller.userId, now);
    if (open.length >= maxOpen)
      throw new TidingsError('too-many-requests', `${maxOpen} invitations are open`);
    const invite = newInvite(caller, uses, { clock: this.#clock, makeId: this.#makeId });
    await this.#invites.create(invite);
    return shownInvite(invite);
  }

  async list(caller: Caller): Promise<readonly Invite[]> {
    const open = await this.#invites.ofUser(caller.userId, this.#clock.now());
    return open.map(shownInvite);
  }

  /** One that isn't there, or is somebody else's, is `not-found`: codes can't be guessed at this way. */
  async revoke(caller: Caller, code: string): Promise<void> {
    if (!(await this.#invites.revoke(caller.userId, code))) throw new TidingsError('not-found');
  }
}

/** Not there yet. */
export function newInvite(
  { userId: createdBy }: Caller,
  maxUses: number,
  { clock, makeId }: Pick<Ports, 'clock' | 'makeId'>,
): InviteRecord {
  const createdAt = clock.now();
  return { code: makeId(), createdBy, createdAt, expiresAt: createdAt + validMs, maxUses, uses: 0 };
}

export const shownInvite = (invite: InviteRecord): Invite => ({
  code: invite.code,
  expiresAt: invite.expiresAt,
  usesLeft: invite.maxUses - invite.uses,
});
