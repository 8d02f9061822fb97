import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { enginesFrom, type RunningEngines } from './addresses.ts';
import { must, run, type Settings } from './script.ts';

const names = ['redis', 'mariadb', 'kafka', 'cassandra', 'versitygw'] as const;
const prefix = 'tidings-engines-';

/** Engines that nobody else uses, so that they may be ended and started one by one. */
export type OwnEngines = RunningEngines & {
  /** A folder for each service: its data, its words, and `pid`. */
  readonly folder: string;
  /** Runs a script of infra/native on them; answers its words. Rejects with them when it fails. */
  readonly command: (script: string, ...args: readonly string[]) => Promise<string>;
};

/**
 * Redis, MariaDB, Kafka, Cassandra and S3 as processes of this machine.
 *
 * With `folder`, those whose data are there: what runs already is used and stays, what doesn't is started and stopped again.
 * Without, new ones at free ports with data of their own, which are gone afterwards, so that any number of runs get on
 * beside each other.
 * @throws when one doesn't get ready; its own words are on standard error then.
 */
export async function startNatively(folder: string | undefined): Promise<RunningEngines> {
  if (folder === undefined) return startOwn();
  await endAbandoned();
  return startMissing({ CLUSTER_DIR: folder });
}

/** Why they can't be installed here, or null when everything is there. Installs what is missing, where it may. */
export async function whyNotNatively(): Promise<string | null> {
  if (process.platform !== 'linux')
    return `they run without containers on Linux only, and this is ${process.platform}`;
  const { code, output } = await run('install.sh', [], {});
  return code === 0 ? null : output.trim();
}

/** New ones at free ports, with settings of infra/native/settings.sh besides; gone, with their data, after `stop`. */
export async function startOwn(chosen: Settings = {}): Promise<OwnEngines> {
  await endAbandoned();
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await writeFile(join(folder, 'owner'), String(process.pid));
  const settings = { CLUSTER_DIR: folder, JIT_TIER: '1', ...chosen, ...(await freePorts()) };
  const { engines, stop } = await startMissing(settings).catch(async (error) => {
    await end(folder);
    throw error;
  });
  return {
    engines,
    folder,
    command: (script, ...args) => must(script, args, settings),
    async stop() {
      await stop();
      await end(folder);
    },
  };
}

async function startMissing(settings: Settings): Promise<RunningEngines> {
  const states = await Promise.all(names.map((name) => run(`${name}.sh`, ['status'], settings)));
  const missing = names.filter((_, index) => states[index]?.code !== 0);
  const starts = await Promise.allSettled(missing.map((name) => must(`${name}.sh`, ['up'], settings)));
  const stop = async () => {
    await Promise.all(missing.map((name) => must(`${name}.sh`, ['down'], settings)));
  };
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { engines: enginesFrom(await must('app.sh', ['environment', 'root'], settings)), stop };
}

/** A run that was killed leaves its engines behind: the next one ends them. */
async function endAbandoned(): Promise<void> {
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  for (const folder of folders.map((name) => join(tmpdir(), name))) {
    const owner = await readFile(join(folder, 'owner'), 'utf8').catch(() => null);
    if (owner !== null && !existsSync(`/proc/${owner}`)) await end(folder);
  }
}

async function end(folder: string): Promise<void> {
  await Promise.all(names.map((name) => run(`${name}.sh`, ['down'], { CLUSTER_DIR: folder })));
  await rm(folder, { recursive: true, force: true });
}

async function freePorts(): Promise<Settings> {
  const settings = [
    'CASSANDRA_PORT',
    'CASSANDRA_STORAGE_PORT',
    'KAFKA_PORT',
    'KAFKA_CONTROLLER_PORT',
    'REDIS_PORT',
    'REDIS_CACHE_PORT',
    'MARIADB_PORT',
    'MARIADB_REPLICA_PORT',
    'S3_PORT',
  ];
  const ports = new Set<string>();
  while (ports.size < settings.length) ports.add(String(await freePort()));
  return Object.fromEntries(settings.map((name, index) => [name, [...ports][index] as string]));
}
