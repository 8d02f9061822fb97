import { isPictureId, isSeq, isUserId, type PictureId, type Seq, type UserId } from './ids.ts';
import { type Fields, isFields, isListOf, isText, optional, parseObject } from './json.ts';
import {
  type ContactCard,
  isContactCard,
  isMediaItem,
  isPlace,
  type MediaItem,
  maxMediaItems,
  mediaItemOf,
  type Place,
  placeOf,
} from './media.ts';

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

/** What every variety has. */
type Common = {
  /** What is written: the whole message, or the caption of what it carries. */
  readonly text: string;
  readonly replyTo?: Quote | undefined;
  /** How often it was forwarded before; absent when it was written here. */
  readonly forwarded?: number | undefined;
  readonly mentions?: readonly UserId[] | undefined;
};

export type TextContent = { readonly type: 'text' } & Common;

/** Photos, videos, recordings, documents: one to ten, in order. More than one image or video shows as an album. */
export type MediaContent = { readonly type: 'media'; readonly items: readonly MediaItem[] } & Common;

export type PlaceContent = { readonly type: 'place'; readonly place: Place } & Common;

export type ContactContent = { readonly type: 'contact'; readonly contact: ContactCard } & Common;

/** A variety that this version doesn't know: calls, encrypted content to come. */
export type UnknownContent = { readonly type: 'unknown'; readonly fallback: string };

/** What this version can send. */
export type SentContent = TextContent | MediaContent | PlaceContent | ContactContent;
export type MessageContent = SentContent | UnknownContent;

/** Never throws: content comes from other people's clients. */
export function parseContent(content: string): MessageContent {
  const value = parseObject(content);
  const type = value?.type as SentContent['type'];
  if (value && Object.hasOwn(varieties, type) && hasCommon(value)) {
    const own = varieties[type](value);
    if (own) return { ...own, ...commonOf(value) } as SentContent;
  }
  const fallback = value?.fallback;
  return { type: 'unknown', fallback: isText(fallback, 1_000) ? fallback : '' };
}

/** Clients that don't know the variety show its caption. */
export const encodeContent = (content: SentContent): string =>
  JSON.stringify(content.type === 'text' ? content : { ...content, fallback: content.text.slice(0, 1_000) });

/** Per variety what it has of its own, and only what this version knows: what it sends on is what it showed. `null` when it is malformed. */
const varieties: { readonly [T in SentContent['type']]: (value: Fields) => Fields | null } = {
  text: () => ({ type: 'text' }),
  media: ({ items }) =>
    isListOf(isMediaItem, items) && items.length >= 1 && items.length <= maxMediaItems
      ? { type: 'media', items: items.map(mediaItemOf) }
      : null,
  place: ({ place }) => (isPlace(place) ? { type: 'place', place: placeOf(place) } : null),
  contact: ({ contact }) =>
    isContactCard(contact) ? { type: 'contact', contact: { user: contact.user, name: contact.name } } : null,
};

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

function hasCommon(value: Fields): value is Fields & Common {
  const { text, replyTo, forwarded, mentions } = value;
  return (
    isText(text) &&
    optional(isQuote, replyTo) &&
    optional(isCount, forwarded) &&
    optional(areMentions, mentions)
  );
}

const commonOf = ({ text, replyTo, forwarded, mentions }: Common): Common => ({
  text,
  ...(replyTo && { replyTo: { seq: replyTo.seq, sender: replyTo.sender, preview: replyTo.preview } }),
  ...(forwarded !== undefined && { forwarded }),
  ...(mentions && { mentions }),
});

const isQuote = (value: unknown): boolean =>
  isFields(value) && isSeq(value.seq) && isUserId(value.sender) && isText(value.preview, 400);

const areMentions = (value: unknown): boolean => isListOf(isUserId, value) && value.length <= 64;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
