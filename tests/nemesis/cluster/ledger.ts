import type { Violation } from '../../invariants/violation.ts';
import type { NemesisDevice } from '../device.ts';
import { within } from './patience.ts';

type Counts = Readonly<Record<string, number>>;

/** What must come true, and for how long that is waited for. */
export type Demand = {
  readonly rule: string;
  readonly what: string;
  /** Resolves when it does; with false when it never will. */
  readonly holds: Promise<unknown>;
  readonly withinMs: number;
};

type Limit = { readonly rule: string; readonly what: string; readonly ms: number; readonly mostMs: number };

/** What devices were told since it was opened, and what was found wrong. */
export class Ledger {
  readonly violations: Violation[] = [];
  readonly #devices: readonly NemesisDevice[];
  readonly #acknowledged: number;
  readonly #failures: Counts;

  constructor(devices: readonly NemesisDevice[]) {
    this.#devices = devices;
    this.#acknowledged = acknowledgedAt(devices);
    this.#failures = failuresAt(devices);
  }

  get acknowledged(): number {
    return acknowledgedAt(this.#devices) - this.#acknowledged;
  }

  /** By the error's code. */
  get failures(): Counts {
    const all = Object.entries(failuresAt(this.#devices));
    const since = all.map(([code, count]) => [code, count - (this.#failures[code] ?? 0)] as const);
    return Object.fromEntries(since.filter(([, count]) => count > 0));
  }

  /** Answers whether it came true in time; what didn't is a violation. */
  async must({ rule, what, holds, withinMs }: Demand): Promise<boolean> {
    try {
      const inTime = await within(withinMs, holds);
      if (!inTime) this.violations.push({ rule, what: `not within ${withinMs / 1_000} s: ${what}` });
      return inTime;
    } catch (error) {
      this.violations.push({ rule, what: `${what}: ${String(error)}` });
      return false;
    }
  }

  atMost({ rule, what, ms, mostMs }: Limit): void {
    const inWords = `${what}: ${ms / 1_000} s, ${mostMs / 1_000} at most`;
    if (ms > mostMs) this.violations.push({ rule, what: inWords });
  }

  /** Only these errors were right. */
  allow(codes: ReadonlySet<string>): void {
    for (const [code, count] of Object.entries(this.failures))
      if (!codes.has(code))
        this.violations.push({ rule: 'WIRE2', what: `“${code}” was told ${count} times` });
  }
}

const acknowledgedAt = (devices: readonly NemesisDevice[]): number =>
  devices.reduce((sum, { acknowledgements }) => sum + acknowledgements.length, 0);

function failuresAt(devices: readonly NemesisDevice[]): Counts {
  const counts: Record<string, number> = {};
  for (const { failures } of devices)
    for (const [code, count] of failures) counts[code] = (counts[code] ?? 0) + count;
  return counts;
}
