import { type ConversationId, isConversationId } from '@tidings/api/ids';

/** What is open. On a phone one of them fills the screen: the view, else the chat, else the list. */
export type Route = {
  readonly chat: ConversationId | null;
  readonly view: View | null;
};

const views = ['settings', 'archive'] as const;
export type View = (typeof views)[number];

export const home: Route = { chat: null, view: null };

/** Of the address's query: `?c=<conversation>&view=<view>`. What makes no sense counts as absent. */
export function parseRoute(query: string): Route {
  const values = new URLSearchParams(query);
  const chat = values.get('c');
  return {
    chat: isConversationId(chat) ? chat : null,
    view: views.find((view) => view === values.get('view')) ?? null,
  };
}

export function hrefOf(route: Partial<Route>): string {
  // Colons may stand in a query as they are; escaped, nobody could read the address.
  const parts = [route.chat && `c=${route.chat}`, route.view && `view=${route.view}`].filter(Boolean);
  return parts.length === 0 ? '/' : `/?${parts.join('&')}`;
}

/** Which pane a phone shows. */
export function paneOf(route: Route): 'list' | 'detail' {
  return route.view === 'settings' || route.chat !== null ? 'detail' : 'list';
}
