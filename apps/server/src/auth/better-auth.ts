import type { MakeId } from '@tidings/api/clock';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { username } from 'better-auth/plugins';
import { argon2id, type Passwords } from './passwords.ts';

const daySeconds = 24 * 3_600;
/** How long a device stays signed in without being used. */
export const sessionSeconds = 90 * daySeconds;

/** The directory's database, as better-auth's adapter wants it. */
export type AuthDatabase = { readonly client: object; readonly provider: 'sqlite' | 'mysql' };

export type BetterAuthOptions = {
  readonly database: AuthDatabase;
  readonly secret: string;
  /** Browsers reach us by https only. */
  readonly secure: boolean;
  readonly makeId: MakeId;
  /** argon2id unless given. */
  readonly passwords?: Passwords;
};

/**
 * Accounts, passwords and session rows are better-auth's; it is called in process only (see docs/adr/0007): its own
 * endpoints, rate limits and origin checks aren't reachable. Usernames and passwords arrive checked by our schemas.
 */
export function makeBetterAuth(options: BetterAuthOptions) {
  const { database, secret, secure, makeId, passwords = argon2id } = options;
  return betterAuth({
    appName: 'Tidings',
    // Nothing is made of it but a warning when it is missing: our endpoints aren't better-auth's.
    baseURL: 'http://localhost',
    secret,
    telemetry: { enabled: false },
    logger: { disabled: true },
    // No transactions: Prisma's SQLite adapter has one connection, and other queries would fall into them. What an
    // interrupted sign-up leaves behind is found by the next (see `accounts.ts`).
    database: prismaAdapter(database.client, { provider: database.provider, transaction: false }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 1,
      maxPasswordLength: 200,
      password: passwords,
    },
    session: { expiresIn: sessionSeconds, updateAge: daySeconds },
    plugins: [username({ minUsernameLength: 1, maxUsernameLength: 60, usernameValidator: () => true })],
    advanced: {
      cookiePrefix: 'tidings',
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { disableIpTracking: true },
      database: { generateId: () => makeId() },
    },
  });
}
export type BetterAuth = ReturnType<typeof makeBetterAuth>;
