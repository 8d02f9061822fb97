import type { IncomingMessage, ServerResponse } from 'node:http';
import { TidingsError } from '@tidings/api/errors';
import type { Scope } from '@tidings/api/fields';
import { deviceId, sessionId } from '@tidings/api/ids';
import { limits, paths } from '@tidings/api/protocol';
import type { ApiKeyRecord } from '@tidings/db/directory/bot-port';
import type { ApiKeys } from '../../auth/api-keys.ts';
import type { MakeLimiter } from '../../auth/limiter.ts';
import type { Config } from '../../config.ts';
import type { Logger } from '../../services/parts.ts';
import type { ProgramCaller, ProgramService } from '../../services/program-service.ts';
import { answerJson } from '../answer.ts';
import { addressOf, readBody } from '../request.ts';
import type { Handle } from '../server.ts';
import { openApiDocument } from './openapi.ts';
import { type Operation, operations } from './operations.ts';
import { answerProblem } from './problem.ts';
import { ProgramLimits } from './program-limits.ts';

export type PublicApiParts = {
  readonly keys: ApiKeys;
  readonly programs: ProgramService;
  readonly limiter: MakeLimiter;
  readonly logger: Logger;
  readonly config: Pick<Config, 'trustProxy' | 'api'>;
};

/** `/api/v1/*`: what `operations.ts` lists, and the document that describes it. */
export function publicApiRoutes(parts: PublicApiParts): Handle {
  const document = openApiDocument();
  const perKey = new ProgramLimits(parts.limiter, parts.config.api.perMinute);

  async function answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const at = path.slice(paths.publicApi.length);
    if (at === '/openapi.json') {
      if (!isRead(request)) throw wrongMethod(response, ['GET', 'HEAD']);
      answerJson(response, 200, document);
      return;
    }
    const { operation, named } = find(request, response, at);
    const bearer = bearerIn(request);
    // Who brings a key where it belongs is known before their body is read.
    const known = bearer === null ? null : await admit(request, response, bearer);
    const body = operation.body ? await readObject(request) : null;
    const key = known ?? (await admit(request, response, keyIn(body)));
    const scopes = key.scopes as readonly Scope[];
    if (operation.scope && !scopes.includes(operation.scope)) throw new TidingsError('out-of-scope');
    const input = inputOf(operation, { ...queryOf(request), ...named }, body);
    const answered = await operation.run({
      ...{ by: callerOf(key), scopes, input, programs: parts.programs },
      idempotencyKey: idempotencyKeyOf(request),
    });
    answerJson(response, 200, operation.answer.parse(answered));
  }

  async function admit(
    request: IncomingMessage,
    response: ServerResponse,
    secret: string,
  ): Promise<ApiKeyRecord> {
    const key = await parts.keys.find(secret);
    if (!key) {
      await perKey.wrongKey(addressOf(request, parts.config.trustProxy));
      throw new TidingsError('key-invalid');
    }
    await perKey.take(key.id, response);
    return key;
  }

  return async (request, response, path) => {
    try {
      await answer(request, response, path);
    } catch (error) {
      answerProblem(response, error, parts.logger);
    }
  };
}

type Found = { readonly operation: Operation; readonly named: Readonly<Record<string, string>> };

const routes = operations.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
}));

function find({ method }: IncomingMessage, response: ServerResponse, path: string): Found {
  const fitting = routes.flatMap(({ operation, pattern }) => {
    const match = pattern.exec(path);
    return match ? [{ operation, named: decoded(match.groups ?? {}) }] : [];
  });
  if (fitting.length === 0) throw new TidingsError('not-found');
  const found = fitting.find(({ operation }) => operation.method === method);
  const methods = fitting.map(({ operation }) => operation.method);
  if (!found) throw wrongMethod(response, methods);
  return found;
}

/** The answer says which ones there are. */
function wrongMethod(response: ServerResponse, methods: readonly string[]): TidingsError {
  response.setHeader('Allow', methods.join(', '));
  return new TidingsError('wrong-method');
}

function decoded(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, part]) => [name, decodeURIComponent(part)]));
  } catch {
    throw new TidingsError('bad-input', 'the path is not well-formed');
  }
}

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

const queryOf = ({ url = '' }: IncomingMessage): Readonly<Record<string, string>> =>
  url.includes('?') ? Object.fromEntries(new URLSearchParams(url.slice(url.indexOf('?') + 1))) : {};

async function readObject(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new TidingsError('bad-input', 'the body must be application/json');
  const bytes = await readBody(request, limits.frameBytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new TidingsError('bad-input', 'the body is not JSON in UTF-8');
  }
}

const bearerIn = ({ headers }: IncomingMessage): string | null =>
  /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;

/** As the design's `postMessage` has it. */
function keyIn(body: unknown): string {
  const inBody = (body as { readonly api_dev_key?: unknown } | null)?.api_dev_key;
  return typeof inBody === 'string' ? inBody : '';
}

function idempotencyKeyOf({ headers }: IncomingMessage): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
    throw new TidingsError('bad-input', 'Idempotency-Key: 1 to 200 visible ASCII characters');
  return key;
}

function inputOf({ params, body: schema }: Operation, given: object, body: unknown): unknown {
  const checked = checkedBy(params, given);
  return schema ? { ...(checked as object), body: checkedBy(schema, body) } : checked;
}

function checkedBy(schema: Operation['answer'], value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw new TidingsError('bad-input', `${where}${issue?.message}`);
}

/** Sends of one bot are one device's, whichever of its keys they come with: an idempotency key means the same for all of them. */
const callerOf = ({ id, bot, owner }: ApiKeyRecord): ProgramCaller => ({
  caller: { userId: bot, sessionId: sessionId(id), deviceId: deviceId(bot) },
  program: { bot, owner },
});
