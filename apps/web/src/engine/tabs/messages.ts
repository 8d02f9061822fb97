import type { ErrorCode } from '@tidings/api/errors';
import type { ConversationId, UserId } from '@tidings/api/ids';
import type { ApiCall } from '@tidings/client/api-over';
import type { EngineState } from '@tidings/client/engine-port';

/** One tab of this browser, new at each load. */
export type TabId = string;

/** What the tabs of one user say to each other over a BroadcastChannel. Everybody hears everything. */
export type TabMessage =
  /** A tab has come, or looks again: who leads? */
  | { readonly type: 'who-leads'; readonly from: TabId }
  /** The answer, and what a leader says when it begins. `hiddenForMs`: 0 while its page is visible. */
  | {
      readonly type: 'leading';
      readonly from: TabId;
      readonly state: EngineState;
      readonly hiddenForMs: number;
    }
  | { readonly type: 'state'; readonly from: TabId; readonly state: EngineState }
  /** The leader is about to let go, when it is asked to or its page goes away. */
  | { readonly type: 'hand-over'; readonly from: TabId; readonly to: TabId }
  | { readonly type: 'handed-over'; readonly from: TabId }
  | {
      readonly type: 'call';
      readonly from: TabId;
      readonly to: TabId;
      readonly id: number;
      readonly call: Call;
    }
  /** The leader has begun with a call: from now on nobody knows whether it was done until it is answered. */
  | { readonly type: 'taken'; readonly from: TabId; readonly to: TabId; readonly id: number }
  | {
      readonly type: 'answer';
      readonly from: TabId;
      readonly to: TabId;
      readonly id: number;
      readonly result: CallResult;
    }
  /** What a tab shows and whether somebody looks at it; the leader adds the tabs up. */
  | { readonly type: 'attention'; readonly from: TabId; readonly attention: Attention };

/** A method of the engine, or a procedure of the server. */
export type Call =
  | { readonly type: 'engine'; readonly method: CallableMethod; readonly args: readonly unknown[] }
  | { readonly type: 'api'; readonly procedure: ApiCall };

export type CallableMethod =
  | 'send'
  | 'sendUnprepared'
  | 'prepared'
  | 'edit'
  | 'remove'
  | 'react'
  | 'retry'
  | 'discard'
  | 'putItems'
  | 'markRead'
  | 'loadOlder'
  | 'loadAround'
  | 'refresh'
  | 'needProfiles'
  | 'typing'
  | 'wake';

export type CallResult =
  | { readonly type: 'done'; readonly value: unknown }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly retryAfterMs: number | undefined }
  | { readonly type: 'store-full' };

export type Attention = {
  /** Somebody has this tab before their eyes. */
  readonly present: boolean;
  /** Said because the user did something just now. */
  readonly acted: boolean;
  readonly users: readonly UserId[];
  readonly conversations: readonly ConversationId[];
};

/** Where tabs meet. Messages of one tab arrive in order; a tab doesn't hear itself. */
export interface TabChannel {
  post(message: TabMessage): void;
  listen(listener: (message: TabMessage) => void): void;
  close(): void;
}

export function openChannel(name: string): TabChannel {
  const channel = new BroadcastChannel(name);
  let open = true;
  return {
    post: (message) => {
      if (open) channel.postMessage(message);
    },
    listen: (listener) => {
      channel.onmessage = (event: MessageEvent) => listener(event.data as TabMessage);
    },
    close: () => {
      open = false;
      channel.close();
    },
  };
}

/** For a browser in which tabs can't talk. */
export const silentChannel: TabChannel = { post: () => {}, listen: () => {}, close: () => {} };
