import { isPictureId, isSeq, isUserId, type PictureId, type Seq, type UserId } from './ids.ts';

/**
 * What is inside the opaque `content` of an entry: made and read by clients only (and, for `change`, made by
 * the server). A new variety is a new `type`; a client that doesn't know it says so and shows `fallback`.
 */

export type Quote = {
  readonly seq: Seq;
  readonly sender: UserId;
  /** The first 200 characters of the quoted text, so that a quote shows before its message is loaded. */
  readonly preview: string;
};

export type TextContent = {
  readonly type: 'text';
  readonly text: string;
  readonly replyTo?: Quote | undefined;
  /** How often it was forwarded before; absent when it was written here. */
  readonly forwarded?: number | undefined;
  readonly mentions?: readonly UserId[] | undefined;
};

/** A variety that this version doesn't know: media, calls, encrypted content to come. */
export type UnknownContent = { readonly type: 'unknown'; readonly fallback: string };

export type MessageContent = TextContent | UnknownContent;

/** Never throws: content comes from other people's clients. */
export function parseContent(content: string): MessageContent {
  const value = parseObject(content);
  if (isTextContent(value)) return textContentOf(value);
  const fallback = value?.fallback;
  return { type: 'unknown', fallback: isText(fallback, 1_000) ? fallback : '' };
}

export const encodeContent = (content: TextContent): string => JSON.stringify(content);

export const groupRoles = ['owner', 'admin', 'member'] as const;
export type GroupRole = (typeof groupRoles)[number];

/** The lines that a group's log holds about the group. `by` is the entry's sender. */
export type GroupChange =
  | { readonly type: 'created'; readonly name: string; readonly members: readonly UserId[] }
  | { readonly type: 'added'; readonly users: readonly UserId[] }
  | { readonly type: 'removed'; readonly user: UserId }
  | { readonly type: 'left' }
  | { readonly type: 'role'; readonly user: UserId; readonly role: GroupRole }
  | { readonly type: 'named'; readonly name: string }
  | { readonly type: 'described'; readonly description: string }
  | { readonly type: 'pictured'; readonly iconId: PictureId | null };

/** `null` for a change that this version doesn't know. */
export function parseGroupChange(content: string): GroupChange | null {
  const value = parseObject(content);
  const type = value?.type;
  const known = typeof type === 'string' && Object.hasOwn(groupChanges, type);
  return value && known && groupChanges[type as GroupChange['type']](value) ? (value as GroupChange) : null;
}

const groupChanges: Record<GroupChange['type'], (value: Fields) => boolean> = {
  created: ({ name, members }) => isText(name) && isListOf(isUserId, members),
  added: ({ users }) => isListOf(isUserId, users),
  removed: ({ user }) => isUserId(user),
  left: () => true,
  role: ({ user, role }) => isUserId(user) && groupRoles.includes(role as GroupRole),
  named: ({ name }) => isText(name),
  described: ({ description }) => isText(description),
  pictured: ({ iconId }) => iconId === null || isPictureId(iconId),
};

/** A draft as the account log carries it between a user's devices. */
export type Draft = {
  readonly text: string;
  readonly replyTo?: Quote | undefined;
  readonly editing?: Seq | undefined;
  readonly at: number;
};

export function isDraft(value: unknown): value is Draft {
  if (!isFields(value)) return false;
  const { text, replyTo, editing, at } = value;
  return isText(text) && optional(isQuote, replyTo) && optional(isSeq, editing) && Number.isFinite(at);
}

/** Only what this version knows: what it sends on is what it showed. */
function textContentOf({ text, replyTo, forwarded, mentions }: TextContent): TextContent {
  return {
    type: 'text',
    text,
    ...(replyTo && { replyTo: { seq: replyTo.seq, sender: replyTo.sender, preview: replyTo.preview } }),
    ...(forwarded !== undefined && { forwarded }),
    ...(mentions && { mentions }),
  };
}

function isTextContent(value: Fields | null): value is Fields & TextContent {
  if (value?.type !== 'text') return false;
  const { text, replyTo, forwarded, mentions } = value;
  return (
    isText(text) &&
    optional(isQuote, replyTo) &&
    optional(isCount, forwarded) &&
    optional(areMentions, mentions)
  );
}

const isQuote = (value: unknown): boolean =>
  isFields(value) && isSeq(value.seq) && isUserId(value.sender) && isText(value.preview, 400);

const areMentions = (value: unknown): boolean => isListOf(isUserId, value) && value.length <= 64;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;

type Fields = { readonly [name: string]: unknown };

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown, longest = Number.POSITIVE_INFINITY): value is string =>
  typeof value === 'string' && value.length <= longest;

const isListOf = <T>(is: (value: unknown) => value is T, value: unknown): value is readonly T[] =>
  Array.isArray(value) && value.every(is);

const optional = (is: (value: unknown) => boolean, value: unknown): boolean =>
  value === undefined || is(value);

function parseObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}
