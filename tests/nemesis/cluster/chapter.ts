import { secureId } from '@tidings/api/clock';
import { checkHistory } from '../../invariants/check.ts';
import type { Violation } from '../../invariants/violation.ts';
import { SeededRandom } from '../../simulation/random.ts';
import { type Plan, Town } from '../town.ts';
import { type Act, type ActResult, type Patience, play } from './act.ts';
import type { Stage } from './stage.ts';

export type Chapter = { readonly seed: number; readonly acts: readonly Act[] };

export type ChapterResult = {
  readonly seed: number;
  readonly acts: readonly ActResult[];
  readonly messages: number;
  /** Of the whole history, when all was over. */
  readonly violations: readonly Violation[];
  /** What the processes logged as errors meanwhile, and how often. */
  readonly complaints: Readonly<Record<string, number>>;
};

/** The tale of one town: it is founded, lives through its faults, and all that happened is judged at the end. */
export async function playChapter(
  stage: Stage,
  { seed, acts }: Chapter,
  patience: Patience,
  tell: (result: ActResult) => void = () => {},
): Promise<ChapterResult> {
  const random = new SeededRandom(seed);
  await using town = await Town.found(stage.place(), planOf());
  const results: ActResult[] = [];
  for (const act of acts) {
    const result = await play({ stage, town, random }, act, patience);
    results.push(result);
    tell(result);
    // What comes after would only say the same again.
    if (result.convergedMs === null) break;
  }
  const history = await town.history();
  const endings = stage.members.flatMap((member) => member.lastWords());
  const complaints = Object.fromEntries(
    stage.members.flatMap((member) =>
      [...member.complaints()].map(([words, count]) => [`${member.name}: ${words}`, count]),
    ),
  );
  await stage.closeDoors();
  await stage.revive();
  return {
    seed,
    acts: results,
    messages: history.acknowledgements.length,
    violations: [...checkHistory(history), ...endings.map((what) => ({ rule: 'processes', what }))],
    complaints,
  };
}

/**
 * Nine people with twelve devices: each has a chat with somebody at each handler, and there are a group of all and seven of some, so
 * that hardly any group message handler has none.
 */
function planOf(): Plan {
  const suffix = secureId().replace(/\W/g, '').slice(0, 8).toLowerCase();
  const people = ['ann', 'bob', 'cleo', 'dan', 'eve', 'finn', 'gus', 'hal', 'ida'].map(
    (name) => `${name}-${suffix}`,
  );
  const at = (index: number): string => people[index % people.length] as string;
  return {
    people,
    withTwoDevices: people.slice(0, 3),
    pairs: people.flatMap((name, index) => [[name, at(index + 1)] as const, [name, at(index + 3)] as const]),
    groups: [people, ...people.slice(0, 7).map((name, index) => [name, at(index + 2), at(index + 4)])],
  };
}
