import { TidingsError } from '@tidings/api/errors';
import type { UserId } from '@tidings/api/ids';
import type { AccountRecord, AdministrationDirectory } from '@tidings/db/directory/administration-port';

/**
 * The one place that decides who is an operator (ADM1): whoever has the role, and whoever the configuration names. It asks the directory
 * each time, so that a role that was taken away is gone at once, at every process.
 */
export class Operators {
  readonly #administration: Pick<AdministrationDirectory, 'accounts'>;
  readonly #names: ReadonlySet<string>;

  /** `names`: usernames. */
  constructor(administration: Pick<AdministrationDirectory, 'accounts'>, names: readonly string[]) {
    this.#administration = administration;
    this.#names = new Set(names);
  }

  /** Some are operators whatever happens to the roles. */
  get areConfigured(): boolean {
    return this.#names.size > 0;
  }

  isConfigured({ username }: Pick<AccountRecord, 'username'>): boolean {
    return this.#names.has(username);
  }

  async is(user: UserId): Promise<boolean> {
    const [account] = await this.#administration.accounts([user]);
    if (!account || account.suspendedAt !== null) return false;
    return account.role === 'operator' || this.isConfigured(account);
  }

  /** @throws TidingsError `not-allowed` */
  async require(user: UserId): Promise<void> {
    if (!(await this.is(user))) throw new TidingsError('not-allowed', 'not an operator');
  }
}
