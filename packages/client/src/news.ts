import type { AccountItem } from '@tidings/api/account';
import type { Entry } from '@tidings/api/entry';
import type { ConversationId, Seq, Timestamp } from '@tidings/api/ids';
import type { RangePage } from '@tidings/api/message';
import type { Head } from '@tidings/api/sync';
import { conversationOf } from './conversation-row.ts';
import { type Acknowledged, type ConversationNews, noNews } from './draft.ts';
import type { LocalChange } from './local-store.ts';

/** What the engine hears, from the server and from its own user, on its way into the local store. */
export type News =
  | { readonly type: 'heads'; readonly heads: readonly Head[] }
  | { readonly type: 'pushed'; readonly entries: readonly Entry[] }
  | { readonly type: 'pages'; readonly pages: readonly RangePage[]; readonly rebuild?: true }
  /** The outbox's sends that the server stored. */
  | { readonly type: 'acknowledged'; readonly sends: readonly Acknowledged[] }
  /** Up to where all others have it. */
  | {
      readonly type: 'marks';
      readonly conversationId: ConversationId;
      readonly delivered: Seq;
      readonly read: Seq;
    }
  /** The user's own, moved on this device or on another. */
  | {
      readonly type: 'own-marks';
      readonly conversationId: ConversationId;
      readonly delivered: Seq;
      readonly read: Seq;
    }
  /** Puts of the account's state, and the engine's own notes that belong to them. */
  | { readonly type: 'items'; readonly items: readonly AccountItem[] }
  | { readonly type: 'sending'; readonly conversationId: ConversationId; readonly at: Timestamp }
  | {
      readonly type: 'evict';
      readonly conversationId: ConversationId;
      readonly first: Seq;
      readonly last: Seq;
    };

/** A batch, sorted by conversation; `changes` concern none. */
export type SortedNews = {
  readonly conversations: Map<ConversationId, ConversationNews>;
  readonly changes: LocalChange[];
};

export function sortNews(batch: readonly News[]): SortedNews {
  const sorted: SortedNews = { conversations: new Map(), changes: [] };
  const of = (id: ConversationId): ConversationNews => {
    const known = sorted.conversations.get(id);
    if (known) return known;
    const news = noNews();
    sorted.conversations.set(id, news);
    return news;
  };
  for (const news of batch) sortOne(news, of, sorted.changes);
  return sorted;
}

function sortOne(news: News, of: (id: ConversationId) => ConversationNews, changes: LocalChange[]): void {
  switch (news.type) {
    case 'heads':
      for (const head of news.heads) of(head.conversationId).heads.push(head);
      return;
    case 'pushed':
      for (const entry of news.entries) of(entry.conversationId).pushed.push(entry);
      return;
    case 'pages':
      for (const page of news.pages)
        of(page.conversationId).pages.push({ page, rebuild: news.rebuild === true });
      return;
    case 'acknowledged':
      for (const send of news.sends) of(send.item.conversationId).acknowledged.push(send);
      return;
    case 'marks':
      of(news.conversationId).othersMarks.push(news);
      return;
    case 'own-marks':
      of(news.conversationId).ownMarks.push(news);
      return;
    case 'items':
      sortItems(news.items, of, changes);
      return;
    case 'sending':
      of(news.conversationId).activityAt = Math.max(of(news.conversationId).activityAt, news.at);
      return;
    case 'evict':
      of(news.conversationId).evicted.push(news);
      return;
  }
}

function sortItems(
  items: readonly AccountItem[],
  of: (id: ConversationId) => ConversationNews,
  changes: LocalChange[],
): void {
  changes.push({ type: 'put-items', items });
  for (const item of items) {
    const id = conversationOf(item.key);
    if (id) of(id).items.push(item);
  }
}
