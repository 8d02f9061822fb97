import type { ConversationId, Seq } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import type { Divider, Line } from './lines';

/** Where a conversation was left: which line stood at the upper edge, and how far it reached above it. */
export type Place = { readonly seq: Seq; readonly above: number };

/** Where somebody was reading, per conversation, as long as the tab lives. Who was at the end has no place. */
export class Places {
  readonly #places = new Map<ConversationId, Place>();

  leave(conversation: ConversationId, place: Place | null): void {
    if (place) this.#places.set(conversation, place);
    else this.#places.delete(conversation);
  }

  of(conversation: ConversationId): Place | null {
    return this.#places.get(conversation) ?? null;
  }
}

export const places = new Places();

/** Where a conversation opens: at the end, where it was left, or with the first unread message at the top. */
export type Opening =
  | { readonly type: 'end' }
  | { readonly type: 'unread'; readonly after: Seq }
  | { readonly type: 'place'; readonly place: Place };

export function openingOf(divider: Divider | null, place: Place | null): Opening {
  if (place) return { type: 'place', place };
  return divider ? { type: 'unread', after: divider.after } : { type: 'end' };
}

export const dividerOf = (conversation: Pick<LocalConversation, 'read' | 'unread'>): Divider | null =>
  conversation.unread > 0 ? { after: conversation.read, count: conversation.unread } : null;

/** The line that an opening is about; -1 when it isn't among them. */
export function lineOf(lines: readonly Line[], opening: Exclude<Opening, { type: 'end' }>): number {
  if (opening.type === 'unread') return lines.findIndex((line) => line.unreadFromHere > 0);
  const exact = lines.findIndex((line) => line.row.seq === opening.place.seq);
  if (exact >= 0) return exact;
  // What one had read to may be gone since: the next one stands where it stood, if it is the next and not just the first that is here.
  const next = lines.findIndex((line) => (line.row.seq ?? 0) > opening.place.seq);
  return next > 0 ? next : -1;
}
