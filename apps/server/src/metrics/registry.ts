import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** A number that somebody keeps anyway, read when the metrics are. `counter` only grows, `gauge` may do anything. */
export type Reading = {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  /** One number, or one for each value of `label`. */
  readonly read: () => number | Readonly<Record<string, number>>;
  readonly label?: string;
};

/** The metrics of this process, with Node's own. */
export function makeRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

export function addReadings(registry: Registry, readings: readonly Reading[]): void {
  for (const reading of readings) {
    const { name, help, label, type } = reading;
    const common = { name, help, registers: [registry], labelNames: label ? [label] : [] };
    if (type === 'gauge') new Gauge({ ...common, collect: readGauge(reading) });
    else new Counter({ ...common, collect: readCounter(reading) });
  }
}

const readGauge = (reading: Reading) =>
  function (this: Gauge): void {
    for (const [labels, value] of valuesOf(reading)) this.set(labels, value);
  };

/** What is told is the sum since the start, so what was told before goes. */
const readCounter = (reading: Reading) =>
  function (this: Counter): void {
    this.reset();
    for (const [labels, value] of valuesOf(reading)) this.inc(labels, value);
  };

function valuesOf({ read, label }: Reading): [Record<string, string>, number][] {
  const value = read();
  if (typeof value === 'number') return [[{}, value]];
  return Object.entries(value).map(([key, each]) => [{ [label ?? 'of']: key }, each]);
}
