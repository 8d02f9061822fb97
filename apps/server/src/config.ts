import { join, resolve } from 'node:path';
import { usernameSchema } from '@tidings/api/fields';
import { z } from 'zod';
import { StartupError } from './startup-error.ts';

/** What whoever runs the server may choose. docs/operations.md lists the same. */
export type Config = {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** Where people reach it, when that isn't the address that it listens at. */
  readonly publicUrl: URL | null;
  /** Further origins that may use it. */
  readonly allowedOrigins: readonly string[];
  readonly signUp: 'open' | 'invite';
  readonly retention: 'keep' | 'delete-after-delivery';
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Reverse proxies in front, whose X-Forwarded-For is believed. */
  readonly trustProxy: number;
  /** Usernames. */
  readonly operators: readonly string[];
  /** Who may read /metrics. */
  readonly metrics: 'loopback' | 'everyone' | 'off';
  /** Where the built web app lies. */
  readonly webDir: string;
  /** `npm run dev`: a development server for the web app, asked for what isn't the server's own. */
  readonly webDevUrl: string | null;
  /** Seed people and groups to try it with. */
  readonly demo: boolean;
};

const root = resolve(import.meta.dirname, '../../..');

const whole = (what: string, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, what)
    .transform(Number)
    .refine((value) => value >= min && value <= max, what);

const origin = (value: string): boolean =>
  URL.canParse(value) && new URL(value).origin === value && /^https?:/.test(value);
const list = z.string().transform((value) => value.split(/[\s,]+/).filter((part) => part !== ''));

const environment = z.object({
  PORT: whole('must be a whole number from 0 to 65535 (0 takes any free port)', 0, 65_535).default(3000),
  HOST: z
    .string()
    .regex(
      /^[A-Za-z0-9.:_-]+$/,
      'must be an address to listen at, for example 127.0.0.1, or 0.0.0.0 for every network',
    )
    .default('127.0.0.1'),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: z
    .string()
    .transform((value) => value.replace(/\/$/, ''))
    .refine(origin, 'must be an address without a path, for example https://chat.example.org')
    .transform((value) => new URL(value))
    .optional(),
  ALLOWED_ORIGINS: list
    .refine(
      (values) => values.every(origin),
      'must be origins with commas between them, for example https://chat.example.org',
    )
    .default([]),
  SIGN_UP: z.enum(['open', 'invite'], 'must be “open” or “invite”').default('open'),
  RETENTION: z
    .enum(['keep', 'delete-after-delivery'], 'must be “keep” or “delete-after-delivery”')
    .default('keep'),
  LOG_LEVEL: z
    .enum(
      ['debug', 'info', 'warn', 'error', 'silent'],
      'must be “debug”, “info”, “warn”, “error” or “silent”',
    )
    .default('info'),
  TRUST_PROXY: whole(
    'must be the number of reverse proxies in front of the server, from 0 to 10',
    0,
    10,
  ).default(0),
  OPERATORS: list
    .refine(
      (values) => values.every((value) => usernameSchema.safeParse(value).success),
      'must be usernames with commas between them',
    )
    .transform((values) => values.map((value) => value.toLowerCase()))
    .default([]),
  METRICS: z
    .enum(['loopback', 'everyone', 'off'], 'must be “loopback”, “everyone” or “off”')
    .default('loopback'),
  WEB_DIR: z.string().default(join(root, 'apps/web/out')),
  WEB_DEV_URL: z.string().refine(origin, 'must be an address such as http://127.0.0.1:3100').optional(),
});

/**
 * The one reader of the environment. An empty value counts as not set. Relative folders are relative to `folder`.
 * @throws StartupError that names the setting, its value and what would be right.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  args: readonly string[] = process.argv.slice(2),
  folder: string = process.cwd(),
): Config {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = environment.safeParse(set);
  if (!parsed.success) throw new StartupError(sentenceFor(parsed.error, set));
  const unknown = args.find((argument) => argument !== '--demo');
  if (unknown !== undefined) throw new StartupError(`There is no option “${unknown}”; there is --demo.`);
  const value = parsed.data;
  return {
    port: value.PORT,
    host: value.HOST,
    dataDir: resolve(folder, value.DATA_DIR),
    publicUrl: value.PUBLIC_URL ?? null,
    allowedOrigins: value.ALLOWED_ORIGINS,
    signUp: value.SIGN_UP,
    retention: value.RETENTION,
    logLevel: value.LOG_LEVEL,
    trustProxy: value.TRUST_PROXY,
    operators: value.OPERATORS,
    metrics: value.METRICS,
    webDir: resolve(folder, value.WEB_DIR),
    webDevUrl: value.WEB_DEV_URL ?? null,
    demo: args.includes('--demo'),
  };
}

function sentenceFor(error: z.ZodError, set: Readonly<Record<string, unknown>>): string {
  const issue = error.issues[0];
  const name = String(issue?.path[0]);
  return `The setting ${name} ${issue?.message}; it is “${set[name]}”.`;
}
