import type { Entry } from '@tidings/api/entry';
import type { EventBatch, ServerEvent, ServerEventOf } from '@tidings/api/events';
import { conversationKind } from '@tidings/api/ids';
import type { Account } from './account.ts';
import type { Self } from './draft.ts';
import type { Hints } from './hints.ts';
import type { Inbox } from './inbox.ts';
import type { Profiles } from './profiles.ts';
import type { Watermarks } from './watermarks.ts';

export type StreamParts = {
  readonly self: Self;
  readonly inbox: Inbox;
  readonly account: Account;
  readonly watermarks: Watermarks;
  readonly profiles: Profiles;
  readonly hints: Hints;
  readonly hello: (event: ServerEventOf<'hello'>) => void;
};

/** Hands what a batch of the server's stream holds to those whom it concerns; its entries together, for one apply. */
export function hear(events: EventBatch, parts: StreamParts): void {
  const pushed: Entry[] = [];
  const own: Entry[] = [];
  for (const event of events) {
    if (event.type !== 'entry') hearOther(event, parts);
    else if (conversationKind(event.entry.conversationId) === 'account') own.push(event.entry);
    else pushed.push(event.entry);
  }
  if (own.length > 0) void parts.account.pushed(own);
  if (pushed.length > 0) void parts.inbox.take({ type: 'pushed', entries: pushed });
  for (const entry of pushed) parts.hints.heardFrom(entry.conversationId, entry.sender);
}

function hearOther(event: Exclude<ServerEvent, { type: 'entry' }>, parts: StreamParts): void {
  switch (event.type) {
    case 'hello':
      parts.hello(event);
      return;
    case 'marks':
      void parts.inbox.take(event);
      return;
    case 'own-marks':
      parts.watermarks.toldBy(event.conversationId, event);
      void parts.inbox.take(event);
      return;
    case 'presence':
      parts.hints.heardPresence([event.presence]);
      return;
    case 'typing':
      if (event.userId !== parts.self.userId) parts.hints.heardTyping(event);
      return;
    case 'profiles':
      parts.profiles.changed(event.userIds);
      return;
    case 'bye':
      // The connection has seen it.
      return;
  }
}
