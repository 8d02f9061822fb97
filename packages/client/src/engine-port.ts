import type { SentContent } from '@tidings/api/content';
import type { ErrorCode } from '@tidings/api/errors';
import type { Presence } from '@tidings/api/events';
import type { ClientId, ConversationId, DeviceId, Seq, UserId } from '@tidings/api/ids';
import type { UserAct } from '@tidings/api/presence';
import type { Api } from './transport.ts';

/**
 * What a user interface may ask of the engine. What is shown comes from the local store (live queries), never from here,
 * except for the hints below, which nobody keeps. All methods may be called in any tab: a tab without the connection passes
 * them to the one that has it.
 */
export interface Engine {
  readonly self: { readonly userId: UserId; readonly deviceId: DeviceId };
  /** The present state, and each new one; the answer ends it. */
  observe(listener: (state: EngineState) => void): () => void;

  /**
   * Durable in the outbox when it answers; sent as soon as the line allows, in order per conversation. Files that it carries must be on this
   * device, or at the server: they are brought there first (ASSET10).
   */
  send(conversation: ConversationId, content: SentContent): Promise<ClientId>;
  /** A message whose files aren't ready: keeps its place, durably, until {@link prepared} says what it is. */
  sendUnprepared(conversation: ConversationId, content: SentContent): Promise<ClientId>;
  /** What a message that was sent unprepared is, or why there won't be one; without effect when it was discarded meanwhile. */
  prepared(client: ClientId, outcome: SentContent | ErrorCode): Promise<void>;
  edit(conversation: ConversationId, target: Seq, content: SentContent): Promise<ClientId>;
  /** For everyone. For oneself: `putItems([{ key: 'hide:<c>:<seq>', value: true }])`. */
  remove(conversation: ConversationId, target: Seq): Promise<ClientId>;
  /** An empty emoji takes the reaction back. */
  react(conversation: ConversationId, target: Seq, emoji: string): Promise<ClientId>;
  /** A failed send, once more. */
  retry(client: ClientId): Promise<void>;
  /** A send that waits or failed is forgotten. */
  discard(client: ClientId): Promise<void>;

  /** Puts of the account log (drafts, stars, pins, …): at once in the local store, told to the server when there is a line. */
  putItems(items: readonly { readonly key: string; readonly value: unknown }[]): Promise<void>;

  /** The user has seen everything up to here in a visible window. Coalesced; kept and told later when offline. */
  markRead(conversation: ConversationId, upTo: Seq): void;
  /** Makes up to `count` entries below `before` local; answers false when the beginning is reached. Offline: `unavailable`. */
  loadOlder(conversation: ConversationId, before: Seq, count: number): Promise<boolean>;
  /** Makes the entries around a position local (jumps to a quoted or starred message). */
  loadAround(conversation: ConversationId, at: Seq): Promise<void>;
  /** Reads a conversation's head again and makes it local: after opening or creating one through `api`. */
  refresh(conversation: ConversationId): Promise<void>;
  /** What is on the screen, replacing what was named before. The first conversation is the open one: it syncs first. */
  watch(users: readonly UserId[], conversations: readonly ConversationId[]): void;
  /** Profiles that the local store lacks or that are older than an hour are fetched, in batches. */
  needProfiles(users: readonly UserId[]): void;
  typing(conversation: ConversationId, typing: boolean): void;
  act(act: UserAct): void;

  /** Everything that only makes sense online: search, groups, profile, devices, invites. Rejects with `unavailable` offline. */
  readonly api: Api;
  /** Look again, now: the network came back, the page woke up, the user pressed "Retry". */
  wake(): void;
  stop(): Promise<void>;
}

export type EngineState = {
  readonly connection: ConnectionState;
  /** Watched users, as far as known. */
  readonly presence: ReadonlyMap<UserId, Presence>;
  /** Who types, per watched conversation. */
  readonly typing: ReadonlyMap<ConversationId, readonly UserId[]>;
  /** Something that the user should be told once, for example that the device's storage is full. */
  readonly trouble: { readonly type: 'storage-full' | 'storage-refused' } | null;
};

export type ConnectionState =
  /** No line and none being tried: the device says it is offline. */
  | { readonly type: 'offline' }
  | { readonly type: 'connecting'; readonly attempt: number }
  /** On the line, reading what was missed. */
  | { readonly type: 'syncing' }
  /** Everything up to now is local. */
  | { readonly type: 'live' }
  /** Final until the user does something: signed out elsewhere, or this client is too old. */
  | { readonly type: 'ended'; readonly code: ErrorCode };
