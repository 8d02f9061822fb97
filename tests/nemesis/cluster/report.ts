import type { ActResult } from './act.ts';
import type { ChapterResult } from './chapter.ts';

/** What a run was, and what came of it. */
export type Report = {
  readonly seed: number;
  readonly minutes: number;
  readonly commit: string;
  readonly machine: string;
  readonly date: string;
  /** How much longer than SPEC.md says devices were given. 1: not at all. */
  readonly patience: number;
  readonly chapters: readonly (ChapterResult & { readonly cassandraNodes: 1 | 3 })[];
};

export const violationsOf = ({ acts, violations }: ChapterResult) => [
  ...acts.flatMap((act) => act.violations),
  ...violations,
];

/** One line about a fault that is over. */
export function actLine(act: ActResult): string {
  const { what, heldMs, convergedMs, groupLagS, acknowledged, bystandersWaitedMs, load, violations } = act;
  const words = [
    `${what.join(' + ')}: ${seconds(heldMs)}`,
    `${acknowledged} acknowledged`,
    ...(act.bystanders > 0 ? [`bystanders waited ${seconds(bystandersWaitedMs)}`] : []),
    `groups ≤ ${groupLagS} s`,
    convergedMs === null ? 'NOT AT REST' : `at rest after ${seconds(convergedMs)} at load ${load}`,
  ];
  return [words.join(', '), ...violations.map(({ rule, what }) => `  ${rule} ${what}`)].join('\n');
}

/** For docs/: what was done, and the figures of each fault alone and of all combinations together. */
export function markdown(report: Report): string {
  const acts = report.chapters.flatMap((chapter) => chapter.acts);
  const violations = report.chapters.flatMap(violationsOf);
  const messages = report.chapters.reduce((sum, chapter) => sum + chapter.messages, 0);
  const loads = acts.map(({ load }) => load);
  return `# The nemesis on the cluster

\`npm run nemesis -- --seed ${report.seed}\`, ${report.minutes} minutes at commit ${report.commit}, ${report.date}, on ${report.machine}, with a load
of ${Math.min(...loads)} to ${Math.max(...loads)}. Devices were given ${report.patience === 1 ? 'the 10 s of INV7' : `${report.patience} times the 10 s of INV7`} to hold everything after a fault's end.

Real processes on real engines: 3 handlers, 2 group message handlers, Redis, Kafka, MariaDB with a replica, Cassandra with one node and with three. Nine people with twelve
devices chat all the while. Each fault came alone first, then two or three at once, as the seed chose. After each, every device had to hold
everything; after each chapter the checkers of \`tests/invariants/check.ts\` judged the whole history.

**${acts.length} faults and combinations, ${messages} acknowledged messages, ${violations.length} violations.**

| what broke | alone | in combinations | bystanders who had to go on chatting | one of them waited at most | acknowledged | median and longest until all was at rest | slowest entry of a group | errors that devices were told |
|---|---|---|---|---|---|---|---|---|
${rows(acts).join('\n')}
${violations.length === 0 ? '' : `\n## Violations\n\n${violations.map(({ rule, what }) => `- ${rule}: ${what}`).join('\n')}\n`}
Seeds of the chapters: ${report.chapters.map(({ seed }) => seed).join(', ')}.
`;
}

/** A row for each fault alone, and one for all combinations. */
function rows(acts: readonly ActResult[]): readonly string[] {
  const combined = acts.filter(({ faults }) => faults.length > 1);
  const names = [...new Set(acts.flatMap(({ faults }) => faults))];
  const alone = names.map((name) => {
    const some = acts.filter(({ faults }) => faults.length === 1 && faults[0] === name);
    const times = combined.filter(({ faults }) => faults.includes(name)).length;
    return row(`${name} | ${some.length} | ${times}`, some);
  });
  return combined.length === 0
    ? alone
    : [...alone, row(`two or three of these at once | – | ${combined.length}`, combined)];
}

function row(what: string, acts: readonly ActResult[]): string {
  if (acts.length === 0) return `| ${what} | – | – | – | – | – | – |`;
  const bystanders = acts.map((act) => act.bystanders);
  const waited = Math.max(...acts.map(({ bystandersWaitedMs }) => bystandersWaitedMs));
  const acknowledged = acts.reduce((sum, act) => sum + act.acknowledged, 0);
  const rests = acts.map(({ convergedMs }) => convergedMs ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const cells = [
    what,
    [...new Set([Math.min(...bystanders), Math.max(...bystanders)])].join('–'),
    Math.max(...bystanders) === 0 ? '–' : seconds(waited),
    acknowledged,
    [...new Set([rests[Math.floor((rests.length - 1) / 2)], rests.at(-1)])].map(asRest).join(', '),
    `≤ ${Math.max(...acts.map(({ groupLagS }) => groupLagS))} s`,
    failuresOf(acts),
  ];
  return `| ${cells.join(' | ')} |`;
}

function failuresOf(acts: readonly ActResult[]): string {
  const counts = new Map<string, number>();
  for (const { failures } of acts)
    for (const [code, count] of Object.entries(failures)) counts.set(code, (counts.get(code) ?? 0) + count);
  return [...counts].map(([code, count]) => `${code} ${count}`).join(', ') || 'none';
}

const asRest = (ms = Number.POSITIVE_INFINITY): string => (Number.isFinite(ms) ? seconds(ms) : 'never');

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
