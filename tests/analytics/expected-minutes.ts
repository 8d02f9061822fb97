/** An event as docs/analytics-format.md says it; which fields it has is up to its type. */
export type Event = {
  readonly v: 1;
  readonly type: string;
  readonly at: number;
  readonly user: string;
  readonly kind?: string;
  readonly fanOut?: number;
  readonly count?: number;
  readonly latencyMs?: number;
  readonly bytes?: number;
  readonly code?: string;
};

const minuteMs = 60_000;

/** The minutes of these events by plain sums, to hold against those of the job. */
export function expectedMinutes(events: readonly Event[]): ReadonlyMap<number, object> {
  const byMinute = Map.groupBy(events, ({ at }) => Math.floor(at / minuteMs) * minuteMs);
  return new Map([...byMinute].map(([minute, own]) => [minute, sumsOf(own)]));
}

function sumsOf(events: readonly Event[]): object {
  const of = (type: string) => events.filter((event) => event.type === type);
  const fanOuts = of('message').map(({ fanOut = 0 }) => fanOut);
  const latencies = of('delivered').flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs]));
  return {
    messages: countBy(of('message').map(({ kind }) => kind)),
    deliveries: sum(of('delivered').map(({ count = 0 }) => count)),
    reads: sum(of('read').map(({ count = 0 }) => count)),
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
    active_users: new Set([...of('message'), ...of('read')].map(({ user }) => user)).size,
    fan_out_mean: fanOuts.length === 0 ? 0 : thousandths(sum(fanOuts) / fanOuts.length),
    fan_out_max: Math.max(0, ...fanOuts),
    connections: of('connected').length,
    uploads: of('upload').length,
    upload_bytes: sum(of('upload').map(({ bytes = 0 }) => bytes)),
    errors: countBy(of('failure').map(({ code }) => code)),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

function countBy(names: readonly (string | undefined)[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, own]) => [name, own.length]));
}

/** Behind them the order of additions shows. */
const thousandths = (number: number): number => Math.round(number * 1000) / 1000;

/** Between two values the straight line counts, as in SQL's `percentile`. `null` of nothing. */
function percentile(numbers: readonly number[], part: number): number | null {
  const sorted = numbers.toSorted((one, other) => one - other);
  const place = part * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (low === undefined || high === undefined) return null;
  return thousandths(low + (high - low) * (place % 1));
}
