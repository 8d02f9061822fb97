import type { Clock } from '@tidings/api/clock';

/** A clock whose timers run when the test says so; the last comes last. */
export function heldTimers() {
  const timers: { readonly ms: number; readonly task: () => void; over: boolean }[] = [];
  const clock: Clock = {
    now: () => 0,
    soon: (task) => task(),
    after(ms, task) {
      const timer = { ms, task, over: false };
      timers.push(timer);
      return () => {
        timer.over = true;
      };
    },
  };
  const pending = () => timers.filter(({ over }) => !over);
  return {
    clock,
    pending: () => pending().map(({ ms }) => ms),
    /** Runs those that wait now. */
    run(): void {
      for (const timer of pending()) {
        timer.over = true;
        timer.task();
      }
    },
  };
}
