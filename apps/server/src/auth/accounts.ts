import type {
  PasswordChange,
  PasswordReset,
  SignedIn,
  SignIn,
  SignUp,
  SignUpPolicy,
} from '@tidings/api/auth';
import type { Clock, MakeId } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import { type DeviceId, deviceId, type SessionId, type UserId, userId } from '@tidings/api/ids';
import type { AdministrationDirectory, ResetDirectory } from '@tidings/db/directory/administration-port';
import type {
  InviteDirectory,
  SessionDirectory,
  SessionRecord,
  UserDirectory,
} from '@tidings/db/directory/port';
import { isAPIError } from 'better-auth/api';
import type { SessionGate } from '../services/parts.ts';
import type { SignUpRule } from '../services/sign-up-rule.ts';
import { type BetterAuth, sessionSeconds } from './better-auth.ts';
import { deviceNameOf } from './device-name.ts';
import type { MakeLimiter } from './limiter.ts';
import { resetCodeHash } from './reset-codes.ts';
import { SignInLimits, SignUpLimits } from './sign-in-limits.ts';

export type AccountsParts = {
  readonly auth: BetterAuth;
  readonly users: UserDirectory;
  readonly sessions: SessionDirectory;
  readonly invites: InviteDirectory;
  readonly administration: Pick<AdministrationDirectory, 'accounts' | 'claimFirst'>;
  readonly resets: ResetDirectory;
  readonly gate: Pick<SessionGate, 'end'>;
  readonly clock: Clock;
  readonly makeId: MakeId;
  readonly signUpRule: Pick<SignUpRule, 'setting'>;
  readonly limiter: MakeLimiter;
};

/** Where a request comes from: for limits, the device's name, and the session that a new one replaces. */
export type Visit = {
  readonly address: string;
  readonly userAgent: string | undefined;
  readonly cookie: string | undefined;
  readonly current: SessionRecord | null;
};

/** What to answer, and the Set-Cookie headers to send with it. */
export type Answer<T> = { readonly body: T; readonly cookies: readonly string[] };

/** Half-made accounts (see `better-auth.ts`) are nobody's after this long. */
const abandonedMs = 60_000;
/** A session's end is put off when it was last put off this long ago. */
const renewMs = 24 * 3_600_000;

/** Signing up, in and out. Errors are the table's; none of them tells whether an account exists, but sign-up's own. */
export class Accounts {
  readonly #parts: AccountsParts;
  readonly #signIns: SignInLimits;
  readonly #signUps: SignUpLimits;

  constructor(parts: AccountsParts) {
    this.#parts = parts;
    this.#signIns = new SignInLimits(parts.limiter);
    this.#signUps = new SignUpLimits(parts.limiter);
  }

  /** The invitation is used up last, but for the account itself (SESS4): a taken name or a typing error costs nothing. */
  async signUp(input: SignUp, visit: Visit): Promise<Answer<SignedIn>> {
    const { auth, invites, clock, makeId } = this.#parts;
    const needsInvite = (await this.#policy()).signUp === 'invite';
    if (needsInvite && !input.invite) throw new TidingsError('sign-up-closed');
    await this.#signUps.attempt(visit.address);
    if (await this.#isTaken(input.username)) throw new TidingsError('username-taken');
    if (needsInvite && !(await invites.use(input.invite ?? '', clock.now())))
      throw new TidingsError('invite-invalid');
    const { username, displayName: name, password } = input;
    const body = { username, name, password, email: `${makeId().toLowerCase()}@users.invalid` };
    try {
      const made = await auth.api.signUpEmail({ body, headers: headersOf(visit), returnHeaders: true });
      const answer = await this.#signedIn(made.response.token, made.headers, input, visit);
      await this.#claimFirst(answer.body, input);
      return answer;
    } catch (error) {
      // Somebody else was faster with this name.
      if (isAPIError(error) && (await this.#isTaken(username))) throw new TidingsError('username-taken');
      throw error;
    }
  }

  /** Whoever signs up first runs the place (ADM2). */
  async #claimFirst(signedIn: SignedIn, device: Device): Promise<void> {
    const from = device.deviceId ?? deviceId(signedIn.sessionId);
    const by = { userId: userId(signedIn.userId), deviceId: from, at: this.#parts.clock.now() };
    await this.#parts.administration.claimFirst(by);
  }

  /** An unknown user costs a hash as well, so that time tells nothing (SESS2). */
  async signIn(input: SignIn, visit: Visit): Promise<Answer<SignedIn>> {
    const succeeded = await this.#signIns.attempt(input.username, visit.address);
    const { username, password } = input;
    const result = await this.#parts.auth.api
      .signInUsername({ body: { username, password }, headers: headersOf(visit), returnHeaders: true })
      .catch(refusedAs('wrong-credentials'));
    await succeeded();
    await this.#requireNotSuspended(userId(result.response.user.id), result.response.token);
    return this.#signedIn(result.response.token, result.headers, input, visit);
  }

  /** The row goes through the directory, which may keep it elsewhere too; better-auth is left with the cookie. */
  async signOut(visit: Visit): Promise<Answer<null>> {
    if (visit.current) await this.#parts.sessions.remove(visit.current.userId, visit.current.sessionId);
    const { headers } = await this.#parts.auth.api.signOut({
      headers: headersOf(visit),
      returnHeaders: true,
    });
    if (visit.current) await this.#end(visit.current, [visit.current.sessionId]);
    return { body: null, cookies: headers.getSetCookie() };
  }

  /** Ends all other sessions: whoever knew the old password is out. */
  async changePassword(input: PasswordChange, visit: Visit): Promise<Answer<null>> {
    const session = required(visit.current);
    // better-auth tells nothing apart where it looks for the session: gone, or the directory down.
    const [valid] = await this.#parts.sessions.stillValid([session.sessionId]);
    if (!valid) throw new TidingsError('session-ended');
    const succeeded = await this.#signIns.attempt(`user ${session.userId}`, visit.address);
    await this.#parts.auth.api
      .changePassword({
        body: { currentPassword: input.current, newPassword: input.next },
        headers: headersOf(visit),
      })
      .catch(refusedAs('wrong-credentials', 'INVALID_PASSWORD'));
    await succeeded();
    await this.#end(session, await this.#parts.sessions.removeOthers(session.userId, session.sessionId));
    return { body: null, cookies: [] };
  }

  /** With a code that an operator gave out (ADM6). It signs nobody in: that takes the username as well. */
  async resetPassword({ code, next }: PasswordReset, visit: Visit): Promise<Answer<null>> {
    const succeeded = await this.#signIns.attempt(`reset from ${visit.address}`, visit.address);
    const { auth, resets, clock } = this.#parts;
    const { internalAdapter, password } = await auth.$context;
    const hash = await password.hash(next);
    const user = await resets.take(resetCodeHash(code), clock.now());
    if (!user) throw new TidingsError('reset-invalid');
    await succeeded();
    await internalAdapter.updatePassword(user, hash);
    return { body: null, cookies: [] };
  }

  async policy(): Promise<Answer<SignUpPolicy>> {
    return { body: await this.#policy(), cookies: [] };
  }

  async #policy(): Promise<SignUpPolicy> {
    const { signUp } = await this.#parts.signUpRule.setting();
    return { signUp };
  }

  /** Told to those only who know the password. Their new session goes; without that it would be none all the same (ADM4). */
  async #requireNotSuspended(user: UserId, token: string): Promise<void> {
    const [account] = await this.#parts.administration.accounts([user]);
    if (!account?.suspendedAt) return;
    await (await this.#parts.auth.$context).internalAdapter.deleteSession(token);
    throw new TidingsError('suspended');
  }

  /** Who is signed in; puts the session's end off, at most once a day. */
  async session(visit: Visit): Promise<Answer<SignedIn>> {
    const session = required(visit.current);
    const age = this.#parts.clock.now() - (session.expiresAt - sessionSeconds * 1_000);
    const cookies = age < renewMs ? [] : await this.#renew(visit);
    return { body: await this.#describe(session), cookies };
  }

  async #renew(visit: Visit): Promise<readonly string[]> {
    const { headers } = await this.#parts.auth.api.getSession({
      headers: headersOf(visit),
      returnHeaders: true,
    });
    return headers.getSetCookie();
  }

  async #signedIn(
    token: string | null,
    headers: Headers,
    device: Device,
    visit: Visit,
  ): Promise<Answer<SignedIn>> {
    const [session] = await this.#parts.sessions.byTokens(token === null ? [] : [token]);
    if (!session) throw new TidingsError('internal', 'a session was made and is not there');
    const name = device.deviceName ?? deviceNameOf(visit.userAgent);
    await this.#endReplaced(session, device.deviceId, visit);
    const bound = { name, lastUsedAt: this.#parts.clock.now() };
    await this.#parts.sessions.bind(
      session.sessionId,
      device.deviceId ? { ...bound, deviceId: device.deviceId } : bound,
    );
    return { body: await this.#describe(session), cookies: headers.getSetCookie() };
  }

  /** A device has one session: what it had before, and what this browser's cookie stood for, ends. */
  async #endReplaced(session: SessionRecord, deviceId: DeviceId | undefined, visit: Visit): Promise<void> {
    const own = deviceId ? await this.#parts.sessions.ofUser(session.userId) : [];
    const replaced = own.filter(
      (other) => other.deviceId === deviceId && other.sessionId !== session.sessionId,
    );
    if (visit.current && visit.current.sessionId !== session.sessionId) replaced.push(visit.current);
    for (const old of replaced) {
      await this.#parts.sessions.remove(old.userId, old.sessionId);
      await this.#end(old, [old.sessionId]);
    }
  }

  async #end({ userId }: SessionRecord, sessions: readonly SessionId[]): Promise<void> {
    if (sessions.length > 0) await this.#parts.gate.end(userId, sessions);
  }

  async #describe({ userId, sessionId }: SessionRecord): Promise<SignedIn> {
    const [user] = await this.#parts.users.profiles([userId]);
    if (!user) throw new TidingsError('session-ended', 'the user is gone');
    return { userId, username: user.username, displayName: user.displayName, sessionId };
  }

  /** A user row without a password is what a crash left of a sign-up: it makes room. */
  async #isTaken(username: string): Promise<boolean> {
    const user = await this.#parts.users.byUsername(username);
    if (!user) return false;
    const { internalAdapter } = await this.#parts.auth.$context;
    if (await internalAdapter.findCredentialAccount(user.userId)) return true;
    const row = await internalAdapter.findUserById(user.userId);
    if (!row || this.#parts.clock.now() - row.createdAt.getTime() < abandonedMs) return true;
    await internalAdapter.deleteUser(user.userId);
    return false;
  }
}

type Device = { readonly deviceId?: DeviceId | undefined; readonly deviceName?: string | undefined };

function required(session: SessionRecord | null): SessionRecord {
  if (!session) throw new TidingsError('not-signed-in');
  return session;
}

function headersOf({ cookie, userAgent }: Visit): Headers {
  const headers = new Headers();
  if (cookie) headers.set('cookie', cookie);
  if (userAgent) headers.set('user-agent', userAgent);
  return headers;
}

/** better-auth's refusals have many names; people get one. What isn't a refusal, or not the one named, goes on as it is. */
const refusedAs = (code: 'wrong-credentials', reason?: string) => (error: unknown) => {
  const isRefusal = isAPIError(error) && error.statusCode < 500;
  if (isRefusal && (reason === undefined || error.body?.code === reason)) throw new TidingsError(code);
  throw error;
};
