import type { IncomingMessage, ServerResponse } from 'node:http';
import { passwordChangeSchema, passwordResetSchema, signInSchema, signUpSchema } from '@tidings/api/auth';
import { TidingsError } from '@tidings/api/errors';
import { paths } from '@tidings/api/protocol';
import type { Accounts, Answer, Visit } from '../auth/accounts.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { Config } from '../config.ts';
import { answerJson } from './answer.ts';
import { addressOf, readJson } from './request.ts';

export type AuthRoutesParts = {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly config: Pick<Config, 'trustProxy'>;
};

type Endpoint = (request: IncomingMessage, visit: Visit) => Promise<Answer<unknown>>;

/** `/api/auth/*`, as packages/api/src/auth.ts describes it. */
export function authRoutes({ accounts, sessions, config }: AuthRoutesParts) {
  const endpoints: Readonly<Record<string, Endpoint>> = {
    'POST sign-up': async (request, visit) => accounts.signUp(await readJson(request, signUpSchema), visit),
    'POST sign-in': async (request, visit) => accounts.signIn(await readJson(request, signInSchema), visit),
    'POST sign-out': (_, visit) => accounts.signOut(visit),
    'POST password': async (request, visit) =>
      accounts.changePassword(await readJson(request, passwordChangeSchema), visit),
    'POST reset': async (request, visit) =>
      accounts.resetPassword(await readJson(request, passwordResetSchema), visit),
    'GET session': (_, visit) => accounts.session(visit),
    'GET policy': () => accounts.policy(),
  };

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const endpoint = endpoints[`${request.method} ${path.slice(paths.auth.length + 1)}`];
    if (!endpoint) throw new TidingsError('not-found');
    const { cookie, 'user-agent': userAgent } = request.headers;
    const current = await sessions.ofCookie(cookie);
    const address = addressOf(request, config.trustProxy);
    const { body, cookies } = await endpoint(request, { address, userAgent, cookie, current });
    if (cookies.length > 0) response.setHeader('Set-Cookie', cookies);
    if (body === null) answerJson(response, 204);
    else answerJson(response, 200, body);
  };
}
