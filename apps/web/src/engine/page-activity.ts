import type { Engine } from '@tidings/client/engine-port';

/** What the life of a page asks of the engine. */
type Followed = Pick<Engine, 'act' | 'wake'> & { suspend(): Promise<void>; resume(): void };

/** Saying "the user did something" to the leading tab more often than this serves nobody. */
const actEveryMs = 10_000;
/** One return to a page fires several events. */
const wakeEveryMs = 1_000;

/** Tells the engine what happens to this page: looked at or not, used, asleep, awake, online, offline. The answer ends it. */
export function followPage(engine: Followed): () => void {
  const ending = new AbortController();
  const listen = (target: EventTarget, events: readonly string[], listener: (event: Event) => void) => {
    for (const event of events)
      target.addEventListener(event, listener, { signal: ending.signal, passive: true, capture: true });
  };
  const wake = throttled(wakeEveryMs, () => engine.wake());
  const act = throttled(actEveryMs, () => engine.act('act'));
  const look = () => engine.act(document.visibilityState === 'visible' ? 'open' : 'close');

  listen(document, ['visibilitychange'], () => {
    look();
    if (document.visibilityState === 'visible') wake();
  });
  listen(window, ['focus'], wake);
  // Never left out for a focus a moment before: who is offline is told at once.
  listen(window, ['online', 'offline'], () => engine.wake());
  listen(window, ['pointerdown', 'keydown', 'wheel', 'touchstart'], act);
  listen(window, ['pagehide'], () => {
    engine.act('close');
    void engine.suspend();
  });
  listen(document, ['freeze'], () => void engine.suspend());
  const wakeUp = () => {
    engine.resume();
    look();
    wake();
  };
  listen(document, ['resume'], wakeUp);
  listen(window, ['pageshow'], (event) => ((event as PageTransitionEvent).persisted ? wakeUp() : undefined));
  look();
  return () => ending.abort();
}

/** Runs at once, and then not again for `everyMs`. By the clock that no one can set. */
function throttled(everyMs: number, task: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - last < everyMs) return;
    last = now;
    task();
  };
}
