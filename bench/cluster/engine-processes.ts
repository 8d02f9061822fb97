import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageOf } from '../process-usage.ts';

/** What each thing used, in CPU-seconds. */
export type Cpu = ReadonlyMap<string, number>;

const folders = /^(cassandra-\d+|kafka|mariadb-(primary|replica)|redis-(coordination|cache))$/;

/** The engines that run out of a cluster's folder, by the pid files that `infra/native/service.sh` writes. */
export class EngineProcesses {
  readonly #pids: ReadonlyMap<string, number>;

  constructor(folder: string) {
    const names = readdirSync(folder).filter((name) => folders.test(name));
    this.#pids = new Map(names.map((name) => [name, pidIn(join(folder, name, 'pid'))]));
  }

  /** Since each began; the nodes of Cassandra are one. */
  cpu(): Cpu {
    const sums = new Map<string, number>();
    for (const [name, pid] of this.#pids) {
      const engine = name.replace(/^cassandra-\d+$/, 'cassandra');
      sums.set(engine, (sums.get(engine) ?? 0) + usageOf(pid).cpuSeconds);
    }
    return sums;
  }
}

/** The first word; behind it stands what tells the process from a later one with its number. */
const pidIn = (file: string): number => Number(readFileSync(file, 'utf8').split(' ')[0]);

export const difference = (later: Cpu, earlier: Cpu): Cpu =>
  new Map([...later].map(([name, seconds]) => [name, seconds - (earlier.get(name) ?? 0)]));

export const total = (cpu: Cpu): number => [...cpu.values()].reduce((sum, seconds) => sum + seconds, 0);
