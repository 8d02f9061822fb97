import { z } from 'zod';
import { isDraft } from './content.ts';
import { seqSchema } from './id-schemas.ts';
import { type Caller, router, signedIn } from './trpc.ts';

/**
 * The account log is a log of puts `{key, value}`; folding it gives the account's state (the later put of a key wins,
 * `null` takes the key away). A device holds the fold up to a position and applies what comes after.
 *
 * Keys, with `<c>` a conversation id:
 * - `draft:<c>`        a `Draft` of `content.ts` or null
 * - `mute:<c>`         until when (ms; 0 = for ever) or null
 * - `pin:<c>`          when it was pinned (ms) or null
 * - `archive:<c>`      true or null
 * - `hide:<c>:<seq>`   true: deleted for oneself
 * - `clear:<c>`        position up to which everything is hidden
 * - `star:<c>:<seq>`   when it was starred (ms) or null
 * - `played:<c>:<seq>` true: a voice message that the user has listened to
 * - `conversation:<c>` server only, a wake-up: the caller's membership of it changed, ask for its head
 * - `profile`          server only, a wake-up: the own profile changed
 */
const conversation = '(direct|group):[A-Za-z0-9_:-]{8,140}';
export const accountKeys = {
  draft: new RegExp(`^draft:${conversation}$`),
  mute: new RegExp(`^mute:${conversation}$`),
  pin: new RegExp(`^pin:${conversation}$`),
  archive: new RegExp(`^archive:${conversation}$`),
  hide: new RegExp(`^hide:${conversation}:[0-9]{1,15}$`),
  clear: new RegExp(`^clear:${conversation}$`),
  played: new RegExp(`^played:${conversation}:[0-9]{1,15}$`),
  star: new RegExp(`^star:${conversation}:[0-9]{1,15}$`),
} as const;

const valueSchemas: Record<keyof typeof accountKeys, z.ZodType> = {
  draft: z.custom(isDraft).nullable(),
  mute: z.number().int().min(0).nullable(),
  pin: z.number().int().min(0).nullable(),
  archive: z.literal(true).nullable(),
  hide: z.literal(true).nullable(),
  clear: seqSchema.nullable(),
  played: z.literal(true).nullable(),
  star: z.number().int().min(0).nullable(),
};

export const accountItemSchema = z.object({ key: z.string().max(200), value: z.unknown() });
export type AccountItem = { readonly key: string; readonly value: unknown };

/** True when a client may put this value at this key. */
export function isClientItem(item: AccountItem): boolean {
  return (Object.keys(accountKeys) as (keyof typeof accountKeys)[]).some(
    (name) => accountKeys[name].test(item.key) && valueSchemas[name].safeParse(item.value ?? null).success,
  );
}

const clientItemSchema = accountItemSchema.refine(
  (item) => isClientItem(item as AccountItem),
  'not a key or value of the account',
);

export type AccountSnapshot = {
  /** The position up to which `items` is the fold of the account log. */
  readonly seq: z.infer<typeof seqSchema>;
  readonly items: readonly AccountItem[];
  readonly next?: string | undefined;
};

export interface AccountApi {
  /** The fold of the account log, 1,000 items a page; the first page's `seq` counts: read the log from there. */
  snapshot(caller: Caller, cursor?: string): Promise<AccountSnapshot>;
  /** Appends the puts in order; durable when it answers, with the position of the last. */
  put(caller: Caller, items: readonly AccountItem[]): Promise<{ readonly seq: z.infer<typeof seqSchema> }>;
}

export const accountRouter = router({
  snapshot: signedIn
    .input(z.object({ cursor: z.string().max(300).optional() }))
    .query(({ ctx, input }) => ctx.services.accounts.snapshot(ctx.caller, input.cursor)),
  put: signedIn
    .input(z.object({ items: z.array(clientItemSchema).min(1).max(100) }))
    .mutation(({ ctx, input }) => ctx.services.accounts.put(ctx.caller, input.items as AccountItem[])),
});
