// `npm run nemesis -- [--minutes 60] [--seed 123] [--hold 30] [--patience 1] [--nodes 1|3] [--only WORDS] [--together]
// [--out FOLDER]`: the long form.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SeededRandom } from '../../simulation/random.ts';
import { whyNotNatively } from '../../support/engines/native.ts';
import type { Act } from './act.ts';
import { playChapter } from './chapter.ts';
import { faultsWith } from './faults/all.ts';
import type { Fault } from './faults/fault.ts';
import { actLine, markdown, type Report, violationsOf } from './report.ts';
import { Stage } from './stage.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    /** Seconds for which each fault lasts. */
    hold: { type: 'string', default: '30' },
    /** Times the 10 s of INV7. */
    patience: { type: 'string', default: '1' },
    /** Of Cassandra: one, three, or both in turn. */
    nodes: { type: 'string', default: 'both' },
    /** Only faults whose names hold these words, each alone, once; several words with ` + ` between them: such faults at once. */
    only: { type: 'string' },
    /** Only two or three at once. */
    together: { type: 'boolean', default: false },
    out: { type: 'string', default: 'test-results/nemesis' },
  },
});
const minutes = Number(values.minutes);
const factor = Number(values.patience);
const patience = {
  convergeMs: 10_000 * factor,
  giveUpMs: 90_000 * factor,
  mendMs: 300_000,
  chatMs: 60_000 * factor,
  silenceMs: 10_000 * factor,
};
const random = new SeededRandom(Number(values.seed));
const actsInChapter = 4;
/** Of the time, where both are played. */
const shareOfThree = 0.2;

const chapters: Report['chapters'][number][] = [];
const startedAt = Date.now();
// Its processes end with it; the engines that it leaves behind are ended by the next run.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const whyNot = await whyNotNatively();
if (whyNot !== null) throw new Error(`the engines can't be started here: ${whyNot}`);
console.log(`seed ${values.seed}`);
if (values.nodes !== '3') await playOn(1, values.nodes === '1' ? 1 : 1 - shareOfThree);
if (values.nodes !== '1') await playOn(3, 1);
const violations = chapters.flatMap(violationsOf);
console.log(`${chapters.length} chapters, ${violations.length} violations`);
process.exitCode = violations.length > 0 ? 1 : 0;

/** Until so much of the time is over, and never less than each fault alone. */
async function playOn(cassandraNodes: 1 | 3, untilShare: number): Promise<void> {
  await using stage = await Stage.set({ handlers: 3, groupHandlers: 2, cassandraNodes });
  const faults = faultsWith(cassandraNodes);
  const alone = values.together ? [] : wanted(shuffled(faults), cassandraNodes);
  const isTimeLeft = () =>
    values.only === undefined && Date.now() < startedAt + minutes * 60_000 * untilShare;
  while (alone.length > 0 || isTimeLeft()) {
    const seed = random.between(1, 1_000_000_000);
    const casts = alone.splice(0, actsInChapter);
    while (casts.length < actsInChapter && isTimeLeft())
      casts.push(shuffled(faults).slice(0, random.between(2, 3)));
    const acts: Act[] = casts.map((cast) => ({ faults: cast, holdMs: Number(values.hold) * 1_000 }));
    console.log(`\nchapter ${chapters.length + 1}, seed ${seed}, Cassandra nodes: ${cassandraNodes}`);
    const result = await playChapter(stage, { seed, acts }, patience, (act) => console.log(actLine(act)));
    for (const { rule, what } of result.violations) console.log(`  ${rule} ${what}`);
    chapters.push({ ...result, cassandraNodes });
    write();
    if (result.acts.length < acts.length) throw new Error('a town that is not at rest is where a run ends');
  }
}

/** To be played first. With three nodes that is only what takes them: the others were played with one. */
function wanted(faults: readonly Fault[], nodes: 1 | 3): (readonly Fault[])[] {
  const named = values.only?.split(' + ').map((words) => faults.filter(({ name }) => name.includes(words)));
  if (named && named.length > 1) return [named.flatMap(([first]) => first ?? [])];
  const [some = faults.filter(({ cassandraNodes }) => nodes === 1 || cassandraNodes === 3)] = named ?? [];
  return some.map((fault) => [fault]);
}

/** After each chapter, so that a run that is broken off leaves what it saw. */
function write(): void {
  const [cpu] = cpus();
  const report: Report = {
    seed: Number(values.seed),
    minutes: Math.round((Date.now() - startedAt) / 60_000),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    machine: `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    date: new Date().toISOString().slice(0, 10),
    patience: factor,
    chapters,
  };
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(values.out, 'report.md'), markdown(report));
}

function shuffled(faults: readonly Fault[]): Fault[] {
  return faults
    .map((fault) => ({ fault, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ fault }) => fault);
}
