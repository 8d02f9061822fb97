import type { SignUpSetting } from '@tidings/api/admin';
import type { SignUpPolicy } from '@tidings/api/auth';
import type { AdministrationDirectory } from '@tidings/db/directory/administration-port';

/** Under which name operators' choice stands in the directory. */
export const signUpSetting = 'sign-up';

/** Who may sign up: as operators chose, else as the configuration says. Read each time, so that all processes agree at once. */
export class SignUpRule {
  readonly #administration: Pick<AdministrationDirectory, 'settings'>;
  readonly #configured: SignUpPolicy['signUp'];

  constructor(
    administration: Pick<AdministrationDirectory, 'settings'>,
    configured: SignUpPolicy['signUp'],
  ) {
    this.#administration = administration;
    this.#configured = configured;
  }

  async setting(): Promise<SignUpSetting> {
    const chosen = (await this.#administration.settings()).get(signUpSetting);
    return chosen === 'open' || chosen === 'invite'
      ? { signUp: chosen, changed: true }
      : { signUp: this.#configured, changed: false };
  }
}
