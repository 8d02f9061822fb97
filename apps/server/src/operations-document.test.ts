import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Registry } from 'prom-client';
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
    const registry = new Registry();
    // Nobody reads them here: only their names are asked for.
    const nothing = {} as never;
    addReadings(registry, [...serverReadings(nothing), ...cacheReadings({}), ...socketReadings(nothing)]);
    new EngineWatch({ registry, logger: nothing, clock: nothing });
    measureBatches(nothing, registry);
    measureGroups(registry);
    measureRequests(createServer(), registry);
    const names = registry.getMetricsAsArray().map(({ name }) => name);
    const described = rows.filter(({ name }) => name.startsWith('tidings_'));
    expect(described.map(({ name }) => name).sort()).toEqual(names.sort());
  });
});
