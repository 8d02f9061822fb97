import type { HandlerId } from '@tidings/api/ids';

/**
 * Envelopes between handlers: at most once, in order between two handlers while both live, otherwise no promise.
 * Sends within a tick travel together. A full outgoing queue (10,000 envelopes a handler) drops the oldest and counts it.
 */
export interface Channel<T> {
  /** Never waits and never throws. */
  send(to: HandlerId, envelope: T): void;
  /**
   * Takes what is sent to `handler` from now on, a tick's worth at a time. The answer ends it. `missed` is called when the handler hears
   * again after a while in which it couldn't: what was sent to it then is lost.
   */
  listen(
    handler: HandlerId,
    take: (envelopes: readonly T[]) => void,
    missed?: () => void,
  ): Promise<() => Promise<void>>;
  /** Envelopes dropped since the start. */
  dropped(): number;
}
