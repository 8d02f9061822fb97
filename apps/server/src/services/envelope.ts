import type { ConversationId, DeviceId, HandlerId, SessionId, UserId } from '@tidings/api/ids';
import type { UserRecord } from '@tidings/db/directory/port';

/** What handlers tell each other over the channel. Plain JSON. */
export type Envelope =
  /** Push `events` (each one JSON already, made once for all recipients) to these users' devices here. */
  | {
      readonly type: 'push';
      /** Who sends it, and counts it: see `tally.ts`. */
      readonly from: HandlerId;
      readonly users: readonly UserId[];
      readonly events: readonly string[];
      readonly except?: DeviceId;
      /** Who is in these changed: forget what is cached. */
      readonly stale?: ConversationId;
      /** It comes from a handler that was looked up before the user's device was here. */
      readonly passedOn?: true;
    }
  /** How many pushes `from` has sent here since it started. */
  | { readonly type: 'tally'; readonly from: HandlerId; readonly count: number }
  /** Who is in it, or what it is called, is other than what may be cached. */
  | { readonly type: 'conversation-changed'; readonly conversationId: ConversationId }
  /** The user as they are now. */
  | { readonly type: 'user-changed'; readonly record: UserRecord }
  | { readonly type: 'end-sessions'; readonly sessions: readonly SessionId[] }
  /** One more device of the user's is at `from`, which isn't known everywhere yet: see `forwarding.ts`. Answered by `forwarding`. */
  | { readonly type: 'forward'; readonly user: UserId; readonly from: HandlerId; readonly ask: string }
  | { readonly type: 'forwarding'; readonly ask: string }
  /** Asks which of the user's sessions are connected here; answered by `connected` with the same `ask`. */
  | { readonly type: 'who'; readonly user: UserId; readonly from: HandlerId; readonly ask: string }
  | { readonly type: 'connected'; readonly sessions: readonly SessionId[]; readonly ask: string }
  /** These users came, went or did something: tell those who watch them here. */
  | { readonly type: 'presence'; readonly users: readonly UserId[] }
  | {
      readonly type: 'typing';
      readonly conversationId: ConversationId;
      readonly userId: UserId;
      readonly forMs: number;
    };
