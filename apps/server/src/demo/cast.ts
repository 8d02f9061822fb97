import { deviceId, sessionId, type UserId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import type { UserDirectory } from '@tidings/db/directory/port';
import type { BetterAuth } from '../auth/better-auth.ts';
import type { PictureService } from '../services/picture-service.ts';
import type { UserService } from '../services/user-service.ts';
import { demoPassword } from './password.ts';
import { type Name, people } from './people.ts';
import { portrait } from './pictures.ts';

export type CastParts = {
  readonly auth: BetterAuth;
  readonly users: UserDirectory;
  readonly userService: Pick<UserService, 'update'>;
  readonly pictures: PictureService;
};

export type Cast = Readonly<Record<Name, Caller>>;

/** Makes those who aren't there yet, with portraits, and answers how each of them calls the services. */
export async function makeCast(parts: CastParts): Promise<Cast> {
  const callers: Partial<Record<Name, Caller>> = {};
  for (const name of Object.keys(people) as Name[]) callers[name] = await makePerson(parts, name);
  return callers as Cast;
}

async function makePerson({ auth, users, userService, pictures }: CastParts, name: Name): Promise<Caller> {
  const { username, displayName, about, look } = people[name];
  let user = await users.byUsername(username);
  if (!user) {
    const body = { username, name: displayName, password: demoPassword, email: `${username}@demo.invalid` };
    const { token } = await auth.api.signUpEmail({ body });
    // Signing up signs in, but nobody sits there.
    if (token) await (await auth.$context).internalAdapter.deleteSession(token);
    user = await users.byUsername(username);
  }
  const caller = callerOf(user?.userId as UserId, name);
  await userService.update(caller, { about, avatarId: await pictures.add(await portrait(look)) });
  return caller;
}

const callerOf = (userId: UserId, name: Name): Caller => ({
  userId,
  sessionId: sessionId(`demo-session-${name}`),
  deviceId: deviceId(`demo-device-of-${name}`),
});
