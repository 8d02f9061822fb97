import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { collectDefaultMetrics, type MetricObject, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { EngineWatch, measureBatches } from './metrics/engine-watch.ts';
import { measureGroups } from './metrics/group-metrics.ts';
import { measureRequests } from './metrics/http-metrics.ts';
import { addReadings } from './metrics/registry.ts';
import { cacheReadings, serverReadings, socketReadings } from './metrics/server-metrics.ts';
import { type ProcessName, type SettingName, settings, settingsOf } from './settings.ts';

const document = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8');

/** The tables' rows whose first cell is one name in code, as cells. */
const rows = [...document.matchAll(/^\| `(\w+)` \|(.+)\|$/gm)].map(([, name, rest]) => ({
  name: name as string,
  cells: (rest as string).split('|').map((cell) => cell.trim()),
}));

/** Every metric of ours. Nobody reads them here: only their names are asked for. */
function measured(): readonly MetricObject[] {
  const registry = new Registry();
  const nothing = {} as never;
  addReadings(registry, [...serverReadings(nothing), ...cacheReadings({}), ...socketReadings(nothing)]);
  new EngineWatch({ registry, logger: nothing, clock: nothing });
  measureBatches(nothing, registry);
  measureGroups(registry);
  measureRequests(createServer(), registry);
  return registry.getMetricsAsArray();
}

/** The names under which Prometheus knows a metric. */
const seriesOf = ({ name, type }: MetricObject): readonly string[] =>
  String(type) === 'histogram' ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`) : [name];

describe('docs/operations.md', () => {
  const described = rows.filter(({ name }) => /^[A-Z]/.test(name));
  const names = Object.keys(settings.shape) as SettingName[];

  test('describes every setting once, and none that isn’t there', () => {
    expect(described.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  test.each(names)('says who reads %s', (name) => {
    const readers = (Object.keys(settingsOf) as ProcessName[]).filter((process) =>
      (settingsOf[process] as readonly SettingName[]).includes(name),
    );
    const [, cell] = described.find((row) => row.name === name)?.cells ?? [];
    expect(cell?.split(', ').sort()).toEqual(readers.length === 5 ? ['all'] : readers.sort());
  });

  test('describes every metric once, and none that isn’t there', async () => {
    const names = measured().map(({ name }) => name);
    const described = rows.filter(({ name }) => name.startsWith('tidings_'));
    expect(described.map(({ name }) => name).sort()).toEqual(names.sort());
  });
});

describe('dashboard and alerts', () => {
  const infra = (name: string) => readFileSync(join(import.meta.dirname, '../../../infra', name), 'utf8');
  const alerts = infra('prometheus/alerts.yaml');
  const dashboard = infra('grafana/tidings.json');

  test.each(Object.entries({ alerts, dashboard }))('ask for no metric that nobody counts: %s', (_, text) => {
    const asked = new Set(text.match(/\b(?:tidings|nodejs|process)_\w+/g));
    expect(asked.size).toBeGreaterThan(0);
    const node = new Registry();
    collectDefaultMetrics({ register: node });
    const told = new Set([...measured(), ...node.getMetricsAsArray()].flatMap(seriesOf));
    expect([...asked].filter((name) => !told.has(name))).toEqual([]);
  });

  test('the dashboard shows every metric of ours', () => {
    const unseen = measured().filter((metric) => !seriesOf(metric).some((name) => dashboard.includes(name)));
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });

  test('every alert has its line in the runbook, and every line its alert', () => {
    const named = [...alerts.matchAll(/^ +- alert: (\w+)$/gm)].map(([, name]) => name);
    const runbook = document.slice(document.indexOf('### What to do about an alert'));
    const lines = [
      ...runbook.slice(0, runbook.indexOf('\n## ')).matchAll(/^\| ([A-Z]\w+) \| .+ \| .+ \|$/gm),
    ];
    expect(named.length).toBeGreaterThan(0);
    expect(lines.map(([, name]) => name)).toEqual(named);
  });
});
