import type { SeededRandom } from '../../../simulation/random.ts';
import type { NemesisDevice } from '../../device.ts';
import type { Town } from '../../town.ts';
import type { Member } from '../member.ts';
import type { Stage } from '../stage.ts';

/** Something that breaks, and is mended. */
export type Fault = {
  readonly name: string;
  /** It takes so long to show, if that is longer than the others'. */
  readonly leastMs?: number;
  /** With three nodes of Cassandra, or with one only. Either, unless said. */
  readonly cassandraNodes?: 1 | 3;
  /** When it begins everything has to be whole still. */
  readonly comesFirst?: true;
  /** Breaks it. */
  readonly begin: (scene: Scene) => Promise<Trouble>;
};

export type Scene = { readonly stage: Stage; readonly town: Town; readonly random: SeededRandom };

/** What is broken now. */
export type Trouble = {
  readonly what: string;
  /** Devices whose sends must be acknowledged all the while. */
  readonly bystanders: readonly NemesisDevice[];
  /** They hear each other all the while, too. */
  readonly theyHear: boolean;
  /** Nobody gets an error. */
  readonly unnoticed?: true;
  /** Must come true before it may end. */
  readonly until?: {
    readonly rule: string;
    /** Only where nothing else is broken. */
    readonly alone?: true;
    readonly what: string;
    readonly holds: () => Promise<unknown>;
  };
  /** A process of ours starts when it ends, and needs the engines for that. */
  readonly starts?: true;
  /** Mends it. Resolves when it is whole. */
  readonly end: () => Promise<void>;
};

/** A handler that has devices, while others have some, too. */
export function pickHandler({ stage, town, random }: Scene): Member {
  const whole = stage.handlers.filter(({ isHit }) => !isHit);
  const busy = whole.filter((handler) => town.devices.some((device) => isAt(stage, device, handler)));
  return random.pick([busy, whole, stage.handlers].find(({ length }) => length > 0) ?? []);
}

export function pickGroupHandler({ stage, random }: Scene): Member {
  const whole = stage.groupHandlers.filter(({ isHit }) => !isHit);
  return random.pick(whole.length > 0 ? whole : stage.groupHandlers);
}

export const devicesElsewhere = ({ stage, town }: Scene, handler: Member): readonly NemesisDevice[] =>
  town.devices.filter((device) => !isAt(stage, device, handler));

const isAt = (stage: Stage, { device }: NemesisDevice, handler: Member): boolean =>
  stage.doors.get(device)?.handler === handler;
