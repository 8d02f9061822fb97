import type { ConversationId } from '@tidings/api/ids';

/** What the pages and the service worker say to each other. */
export const workerUrl = '/serwist/sw.js';
/** The page's word that the user agreed to the new version. */
export const takeOverMessage = 'take-over';
/** The Background Sync that flushes the outbox when the network is back, with or without a page. */
export const outboxSyncTag = 'outbox';
/** The cache of pictures; goes with sign-out. */
export const pictureCache = 'pictures';

/** To a page, after a click on a notification: show this chat. */
export type OpenChatMessage = { readonly type: 'open-chat'; readonly conversationId: ConversationId };
export type NotificationData = { readonly conversationId: ConversationId };

export const chatUrl = (conversation: ConversationId): string => `/?c=${encodeURIComponent(conversation)}`;

/** Where players get what the service worker decrypts; the server has nothing there. */
const playPath = '/media/';
export const playUrl = (id: string): string => playPath + id;
export const playIdOf = (path: string): string | null =>
  path.startsWith(playPath) ? path.slice(playPath.length) : null;

/** To the page that plays: what is behind this URL? With a port for the answer (`PlaySource`, or null). `renew`: the last link was refused. */
export type PlayQuestion = { readonly type: 'play'; readonly id: string; readonly renew: boolean };

export const isPlayQuestion = (data: unknown): data is PlayQuestion =>
  (data as Partial<PlayQuestion> | null)?.type === 'play';
