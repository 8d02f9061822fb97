import { TidingsError } from '@tidings/api/errors';
import { LocalStoreFull } from '@tidings/client/local-store';
import type { Call, CallResult, TabChannel, TabId, TabMessage } from './messages';

type Pending = {
  readonly call: Call;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** `waiting`: no leader to ask · `asked`: it may not have heard · `taken`: it has begun. */
  stage: 'waiting' | 'asked' | 'taken';
};

/**
 * Calls of a tab that doesn't lead, on their way through the one that does. When the leader changes, what the old one hadn't
 * begun is asked of the new one, and so is what may be done twice; a mutation of the server that was begun fails with
 * `unavailable`, since nobody knows whether it was done.
 */
export class RemoteCalls {
  readonly #channel: TabChannel;
  readonly #self: TabId;
  readonly #pending = new Map<number, Pending>();
  #leader: TabId | null = null;
  #lastId = 0;

  constructor(channel: TabChannel, self: TabId) {
    this.#channel = channel;
    this.#self = self;
  }

  get leader(): TabId | null {
    return this.#leader;
  }

  /** True when something was asked and the leader hasn't begun with it. */
  get unheard(): boolean {
    return [...this.#pending.values()].some((pending) => pending.stage !== 'taken');
  }

  request(call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      const pending: Pending = { call, resolve, reject, stage: 'waiting' };
      this.#pending.set(id, pending);
      if (this.#leader) this.#ask(id, pending, this.#leader);
    });
  }

  /** Another tab leads now, or (null) nobody for the moment. */
  setLeader(leader: TabId | null): void {
    if (leader === this.#leader) return;
    this.#settleTaken();
    this.#leader = leader;
    for (const [id, pending] of this.#pending) {
      pending.stage = 'waiting';
      if (leader) this.#ask(id, pending, leader);
    }
  }

  /** This tab leads now: what waits is done here. */
  takeOver(perform: (call: Call) => Promise<unknown>): void {
    this.setLeader(null);
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of waiting) perform(pending.call).then(pending.resolve, pending.reject);
  }

  hear(message: TabMessage): void {
    if (message.type !== 'taken' && message.type !== 'answer') return;
    const pending =
      message.to === this.#self && message.from === this.#leader ? this.#pending.get(message.id) : undefined;
    if (!pending) return;
    if (message.type === 'taken') {
      pending.stage = 'taken';
      return;
    }
    this.#pending.delete(message.id);
    settle(pending, message.result);
  }

  #ask(id: number, pending: Pending, leader: TabId): void {
    pending.stage = 'asked';
    this.#channel.post({ type: 'call', from: this.#self, to: leader, id, call: pending.call });
  }

  #settleTaken(): void {
    for (const [id, pending] of this.#pending) {
      if (pending.stage !== 'taken' || mayRepeat(pending.call)) continue;
      this.#pending.delete(id);
      pending.reject(new TidingsError('unavailable', 'the tab with the connection went away'));
    }
  }
}

/** The engine's methods may be called twice; sends and edits of other tabs don't pass here unless their own store is full. */
function mayRepeat(call: Call): boolean {
  if (call.type === 'api') return call.procedure.type === 'query';
  return !['send', 'sendUnprepared', 'edit', 'remove', 'react'].includes(call.method);
}

function settle(pending: Pending, result: CallResult): void {
  switch (result.type) {
    case 'done':
      pending.resolve(result.value);
      break;
    case 'failed': {
      const options = result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs };
      pending.reject(new TidingsError(result.code, undefined, options));
      break;
    }
    case 'store-full':
      pending.reject(new LocalStoreFull());
  }
}

export async function resultOf(work: Promise<unknown>): Promise<CallResult> {
  try {
    return { type: 'done', value: await work };
  } catch (error) {
    if (error instanceof TidingsError)
      return { type: 'failed', code: error.code, retryAfterMs: error.retryAfterMs };
    return error instanceof LocalStoreFull
      ? { type: 'store-full' }
      : { type: 'failed', code: 'internal', retryAfterMs: undefined };
  }
}
